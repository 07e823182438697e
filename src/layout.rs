//! Where the nodes of a picture lie.
//!
//! Each component is laid out by itself after Fruchterman & Reingold (1991):
//! nodes push each other away, edges pull, and the steps become smaller. Only
//! nodes near each other push, found by a grid, so that a step takes linear
//! time where nodes do not crowd. Then circles that still overlap are moved
//! apart, and the components are packed, each as high as there is room.
//!
//! Only sums, products, quotients and square roots of floats in a fixed order
//! are used, which are the same on every machine; so is the picture.

use std::collections::BTreeMap;

use petgraph::unionfind::UnionFind;

/// A picture with its origin at the top left.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Picture {
    /// Extent in x.
    pub(crate) width: f64,
    /// Extent in y.
    pub(crate) height: f64,
    /// Centre of each node, in `0..=width` and `0..=height`.
    pub(crate) centres: Vec<(f64, f64)>,
}

/// Length of an edge that neither pulls nor pushes.
const LENGTH: f64 = 70.0;
/// Distance from which on nodes do not push each other.
const REACH: f64 = 3.0 * LENGTH;
/// Pull towards the centre, so that no part of a component drifts away.
const GRAVITY: f64 = 0.03;
/// Steps of a small component, and the work that a large one may take, in
/// steps times nodes.
const STEPS: usize = 300;
const WORK: usize = 400_000;
/// Steps at most that move overlapping circles apart.
const SPREAD_STEPS: usize = 60;
/// Names are wider than high.
const STRETCH: f64 = 1.6;
/// Room around a circle.
const GAP: f64 = 9.0;
/// Room around a component, for labels.
const MARGIN: f64 = 34.0;
/// Width of the picture for each unit of height.
const ASPECT: f64 = 1.7;
/// The golden angle, by which neighbours on a spiral lie apart.
const COS: f64 = -0.737_368_878_078_320_4;
const SIN: f64 = 0.675_490_294_261_524_2;

/// Places circles with these radii. Edges are pairs of nodes; loops and
/// repeats do no harm. Without nodes, the picture is empty.
pub(crate) fn layout(radii: &[f64], edges: &[(u32, u32)]) -> Picture {
    let mut boxes = Vec::new();
    for (nodes, edges) in components(radii.len(), edges) {
        let (points, size) = place(&nodes, radii, &edges);
        boxes.push((nodes, points, size));
    }
    let area: f64 = boxes.iter().map(|(.., (width, height))| width * height).sum();
    let widest = boxes.iter().map(|(.., (width, _))| *width).fold(0.0, f64::max);
    let room = widest.max((area * ASPECT).sqrt());

    let mut skyline = Skyline::new(room);
    let mut picture = Picture { width: 0.0, height: 0.0, centres: vec![(0.0, 0.0); radii.len()] };
    for (nodes, points, (width, height)) in boxes {
        let (x, y) = skyline.put(width, height);
        for (&node, (px, py)) in nodes.iter().zip(points) {
            picture.centres[node as usize] = (x + px, y + py);
        }
        picture.width = picture.width.max(x + width);
        picture.height = picture.height.max(y + height);
    }
    picture
}

/// How far down a sheet is filled: steps from left to right, each with where
/// it begins and its depth.
struct Skyline {
    steps: Vec<(f64, f64)>,
    room: f64,
}

impl Skyline {
    fn new(room: f64) -> Self {
        Self { steps: vec![(0.0, 0.0)], room }
    }

    /// Puts a box as high as it goes, and there as far to the left; says where.
    /// A box that is wider than the sheet begins at the left.
    fn put(&mut self, width: f64, height: f64) -> (f64, f64) {
        let depth = |x: f64| {
            let under = self.steps.iter().enumerate().filter(|(at, (start, _))| {
                let end = self.steps.get(at + 1).map_or(f64::INFINITY, |next| next.0);
                *start < x + width && end > x
            });
            under.map(|(_, step)| step.1).fold(0.0, f64::max)
        };
        let fits = |x: &f64| x + width <= self.room;
        let starts = self.steps.iter().map(|step| step.0);
        let (x, y) = starts
            .filter(fits)
            .map(|x| (x, depth(x)))
            .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)))
            .unwrap_or_else(|| (0.0, depth(0.0)));
        let end = x + width;
        let after = self.steps.iter().rev().find(|step| step.0 <= end);
        let after = (end, after.map_or(0.0, |step| step.1));
        self.steps.retain(|step| step.0 < x || step.0 > end);
        self.steps.extend([(x, y + height), after]);
        self.steps.sort_by(|a, b| a.0.total_cmp(&b.0));
        (x, y)
    }
}

/// Nodes, ascending, and the edges between them.
type Component = (Vec<u32>, Vec<(u32, u32)>);

/// The components, the largest first, then by their first node.
fn components(n_nodes: usize, edges: &[(u32, u32)]) -> Vec<Component> {
    let mut sets = UnionFind::new(n_nodes);
    for &(left, right) in edges {
        sets.union(left, right);
    }
    let mut components: BTreeMap<u32, Component> = BTreeMap::new();
    for node in 0..n_nodes as u32 {
        components.entry(sets.find(node)).or_default().0.push(node);
    }
    for &edge in edges {
        let (_, own) = components.entry(sets.find(edge.0)).or_default();
        own.push(edge);
    }
    let mut components: Vec<Component> = components.into_values().collect();
    components.sort_by_key(|(nodes, _)| (std::cmp::Reverse(nodes.len()), nodes[0]));
    components
}

/// The places of one component's nodes in a box of its own, and its size.
fn place(nodes: &[u32], radii: &[f64], edges: &[(u32, u32)]) -> (Vec<(f64, f64)>, (f64, f64)) {
    let index = |node: u32| nodes.partition_point(|&other| other < node);
    let edges: Vec<(usize, usize)> = edges
        .iter()
        .map(|&(left, right)| (index(left), index(right)))
        .filter(|(left, right)| left != right)
        .collect();
    let radii: Vec<f64> = nodes.iter().map(|&node| radii[node as usize]).collect();
    let mut points = spiral(nodes.len(), &edges);
    settle(&mut points, &radii, &edges);
    for point in &mut points {
        point.0 *= STRETCH;
    }
    spread(&mut points, &radii);

    let edge = |of: fn(&(f64, f64)) -> f64, sign: f64| {
        let ends = points.iter().zip(&radii);
        ends.map(|(point, radius)| sign * of(point) + radius).fold(f64::NEG_INFINITY, f64::max)
            + MARGIN
    };
    let (left, right) = (edge(|p| p.0, -1.0), edge(|p| p.0, 1.0));
    let (top, bottom) = (edge(|p| p.1, -1.0), edge(|p| p.1, 1.0));
    let moved = points.iter().map(|(x, y)| (x + left, y + top)).collect();
    (moved, (left + right, top + bottom))
}

/// Places to begin with: on a spiral, those with the most neighbours in its
/// middle, each followed by its neighbours.
fn spiral(n_nodes: usize, edges: &[(usize, usize)]) -> Vec<(f64, f64)> {
    let mut neighbours = vec![Vec::new(); n_nodes];
    for &(left, right) in edges {
        neighbours[left].push(right);
        neighbours[right].push(left);
    }
    let mut order: Vec<usize> = (0..n_nodes).collect();
    order.sort_by_key(|&node| (std::cmp::Reverse(neighbours[node].len()), node));
    let mut points = vec![None; n_nodes];
    let mut direction = (1.0, 0.0);
    let mut n_placed = 0;
    for start in order {
        let mut queue = std::collections::VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            if points[node].is_some() {
                continue;
            }
            let distance = LENGTH * 0.7 * (n_placed as f64).sqrt();
            points[node] = Some((direction.0 * distance, direction.1 * distance));
            direction =
                (direction.0 * COS - direction.1 * SIN, direction.0 * SIN + direction.1 * COS);
            n_placed += 1;
            queue.extend(&neighbours[node]);
        }
    }
    points.into_iter().flatten().collect()
}

/// Lets the forces work, in steps that become smaller.
fn settle(points: &mut [(f64, f64)], radii: &[f64], edges: &[(usize, usize)]) {
    let n_steps = STEPS.min(WORK / points.len().max(1)).max(40);
    for step in 0..n_steps {
        let limit = LENGTH * (1.0 - step as f64 / n_steps as f64);
        let mut forces: Vec<(f64, f64)> =
            points.iter().map(|(x, y)| (-x * GRAVITY, -y * GRAVITY)).collect();
        near(points, REACH, |one, other, (dx, dy), distance| {
            let push = LENGTH * LENGTH / distance;
            let (fx, fy) = (dx / distance * push, dy / distance * push);
            forces[one].0 += fx;
            forces[one].1 += fy;
            forces[other].0 -= fx;
            forces[other].1 -= fy;
        });
        for &(left, right) in edges {
            let (dx, dy) = difference(points, left, right);
            let distance = (dx * dx + dy * dy).sqrt();
            let slack = (distance - radii[left] - radii[right]).max(0.0);
            let pull = slack / LENGTH;
            forces[left].0 -= dx * pull;
            forces[left].1 -= dy * pull;
            forces[right].0 += dx * pull;
            forces[right].1 += dy * pull;
        }
        for (point, (fx, fy)) in points.iter_mut().zip(forces) {
            let strength = (fx * fx + fy * fy).sqrt();
            if strength > 0.0 {
                let length = strength.min(limit);
                point.0 += fx / strength * length;
                point.1 += fy / strength * length;
            }
        }
    }
}

/// Moves circles that overlap apart.
fn spread(points: &mut [(f64, f64)], radii: &[f64]) {
    let reach = 2.0 * radii.iter().copied().fold(0.0, f64::max) + GAP;
    for _ in 0..SPREAD_STEPS {
        let mut moves = vec![(0.0, 0.0); points.len()];
        let mut is_free = true;
        near(points, reach, |one, other, (dx, dy), distance| {
            let overlap = radii[one] + radii[other] + GAP - distance;
            if overlap > 0.0 {
                is_free = false;
                let half = overlap / 2.0 / distance;
                moves[one] = (moves[one].0 + dx * half, moves[one].1 + dy * half);
                moves[other] = (moves[other].0 - dx * half, moves[other].1 - dy * half);
            }
        });
        if is_free {
            return;
        }
        for (point, (dx, dy)) in points.iter_mut().zip(moves) {
            *point = (point.0 + dx, point.1 + dy);
        }
    }
}

/// Calls `meet` once for each two points closer than `reach`, with the way
/// from the second to the first and its length, which is never 0.
fn near(points: &[(f64, f64)], reach: f64, mut meet: impl FnMut(usize, usize, (f64, f64), f64)) {
    let cell = |(x, y): (f64, f64)| ((x / reach).floor() as i64, (y / reach).floor() as i64);
    let mut cells: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (at, point) in points.iter().enumerate() {
        cells.entry(cell(*point)).or_default().push(at);
    }
    for (one, point) in points.iter().enumerate() {
        let (column, row) = cell(*point);
        for x in column - 1..=column + 1 {
            for (_, others) in cells.range((x, row - 1)..=(x, row + 1)) {
                for &other in others.iter().filter(|&&other| other > one) {
                    let (dx, dy) = difference(points, one, other);
                    let distance = (dx * dx + dy * dy).sqrt();
                    if distance < reach {
                        meet(one, other, (dx, dy), distance);
                    }
                }
            }
        }
    }
}

/// The way from the second point to the first; a small one, different for each
/// two, where they coincide.
fn difference(points: &[(f64, f64)], one: usize, other: usize) -> (f64, f64) {
    let (dx, dy) = (points[one].0 - points[other].0, points[one].1 - points[other].1);
    if dx * dx + dy * dy > 1e-6 {
        return (dx, dy);
    }
    (0.01 + one as f64 * 1e-4, 0.01 + other as f64 * 1e-4)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A star, a ring, a pair and a node by itself.
    fn sample() -> (Vec<f64>, Vec<(u32, u32)>) {
        let radii = (0..40).map(|node| 6.0 + f64::from(node % 7) * 3.0).collect();
        let star = (1..20).map(|node| (0, node));
        let ring = (20..36).map(|node| (node, 20 + (node - 19) % 16));
        (radii, star.chain(ring).chain([(36, 37), (38, 38)]).collect())
    }

    #[test]
    fn circles_lie_in_the_picture_and_do_not_overlap() {
        let (radii, edges) = sample();
        let picture = layout(&radii, &edges);
        for (one, &(x, y)) in picture.centres.iter().enumerate() {
            let radius = radii[one];
            assert!(radius <= x && x + radius <= picture.width);
            assert!(radius <= y && y + radius <= picture.height);
            for (other, other_radius) in radii.iter().enumerate().take(one) {
                let (dx, dy) = difference(&picture.centres, one, other);
                let distance = (dx * dx + dy * dy).sqrt();
                assert!(distance > radius + other_radius, "{one} and {other}");
            }
        }
    }

    #[test]
    fn a_picture_is_the_same_every_time() {
        let (radii, edges) = sample();
        assert_eq!(layout(&radii, &edges), layout(&radii, &edges));
    }

    #[test]
    fn neighbours_lie_nearer_than_strangers() {
        let (radii, edges) = sample();
        let centres = layout(&radii, &edges).centres;
        let mean = |pairs: &[(u32, u32)]| {
            let lengths = pairs.iter().map(|&(left, right)| {
                let (dx, dy) = difference(&centres, left as usize, right as usize);
                (dx * dx + dy * dy).sqrt()
            });
            lengths.sum::<f64>() / pairs.len() as f64
        };
        let ring = &edges[19..35];
        let across: Vec<(u32, u32)> = (20..28).map(|node| (node, node + 8)).collect();
        assert!(mean(ring) < mean(&across) / 1.5);
    }

    #[test]
    fn boxes_are_packed_as_high_as_there_is_room() {
        let mut skyline = Skyline::new(10.0);
        assert_eq!(skyline.put(6.0, 6.0), (0.0, 0.0));
        assert_eq!(skyline.put(4.0, 2.0), (6.0, 0.0));
        assert_eq!(skyline.put(3.0, 3.0), (6.0, 2.0));
        assert_eq!(skyline.put(2.0, 2.0), (6.0, 5.0));
        assert_eq!(skyline.put(12.0, 1.0), (0.0, 7.0));
    }

    #[test]
    fn nothing_and_one_node_have_a_picture() {
        let empty = layout(&[], &[]);
        assert!(empty.centres.is_empty() && empty.width.abs() < f64::EPSILON);
        let one = layout(&[10.0], &[]);
        assert_eq!(one.centres, [(10.0 + MARGIN, 10.0 + MARGIN)]);
    }
}
