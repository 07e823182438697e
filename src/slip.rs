//! Slips of the pen: which real name a wrong one may have been meant for.

/// How far a name may be from a real one to be taken for a slip, in Jaro-Winkler similarity.
const NEAR_NAME: f64 = 0.8;

/// The name among `names` that `wrong` is a slip of, if one is near: the most
/// similar one, whatever the case of its letters; of several the first by name.
pub fn nearest<'a>(wrong: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let lower = wrong.to_lowercase();
    names
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|&(similarity, _)| similarity >= NEAR_NAME)
        .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
        .map(|(_, name)| name)
}
