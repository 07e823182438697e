"use strict";
// What the page can do beyond being read: filter, sort, and show pairs and
// agents. Foreign text comes from the page and from the data, and goes into
// text nodes only.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.documentElement.classList.add("js");
  // Links to an agent open it; the row that they lead to otherwise stays where it is.
  for (const row of all("tr[id^=agent-]")) row.id = `row-${row.id}`;

  // An element with attributes and children; strings become text.
  const el = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (value !== null && value !== false) element.setAttribute(key, value);
    }
    element.append(...children.filter((child) => child !== null));
    return element;
  };
  const counted = (n, one, many) => `${n.toLocaleString("en")} ${n === 1 ? one : many}`;

  // ---- Filters

  // The folder that holds all agents goes without saying.
  let common = "";
  const choice = (label, none, values) => {
    const select = el("select", {}, el("option", { value: "" }, none));
    for (const value of values) select.append(el("option", { value }, value.replace(common, "")));
    return [select, el("label", {}, label, select)];
  };
  const distinct = (values) => [...new Set(values)].sort();

  // Folders in which the paths differ, below what all have in common.
  const folders = (paths) => {
    const parts = paths.map((path) => path.split("/").slice(0, -1));
    let depth = 0;
    while (parts.length && parts.every((p) => p.length > depth && p[depth] === parts[0][depth])) depth++;
    if (parts.length && depth) common = parts[0].slice(0, depth).join("/") + "/";
    const heads = parts.filter((p) => p.length > depth).map((p) => p.slice(0, depth + 1).join("/") + "/");
    return distinct(heads);
  };

  // A handful is read faster than filtered.
  const MIN_ITEMS = 8;

  const filter = (form, items, noun, choices) => {
    if (items.length < MIN_ITEMS) {
      form.remove();
      return;
    }
    const search = el("input", { type: "search", autocomplete: "off" });
    const shown = el("output", { "aria-live": "polite" });
    form.append(el("label", {}, "Search", search));
    const fields = [];
    for (const { label, none, values, of } of choices) {
      if (values.length < 2) continue;
      const [select, field] = choice(label, none, values);
      form.append(field);
      fields.push({ select, of });
      select.addEventListener("change", () => apply());
    }
    form.append(shown);
    const blocks = new Map();
    for (const item of items) {
      const block = item.element.closest(".block");
      if (block) blocks.set(block, [...(blocks.get(block) ?? []), item]);
    }
    const wasOpen = new Map([...blocks.keys()].map((block) => [block, block.open]));
    const apply = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const isOn = words.length > 0 || fields.some(({ select }) => select.value);
      let n = 0;
      for (const item of items) {
        const fits = words.every((word) => item.text.includes(word))
          && fields.every(({ select, of }) => !select.value || of(item, select.value));
        item.element.hidden = !fits;
        n += fits;
      }
      for (const [block, members] of blocks) {
        block.hidden = members.every((item) => item.element.hidden);
        block.open = isOn || wasOpen.get(block);
      }
      shown.textContent = isOn ? `${n.toLocaleString("en")} of ${counted(items.length, ...noun)}` : "";
    };
    search.addEventListener("input", apply);
    form.addEventListener("submit", (event) => event.preventDefault());
  };

  const paths = folders(data.agents.map((agent) => agent.path));
  for (const id of ["conflicts", "findings"]) {
    const form = document.querySelector(`form[data-for=${id}]`);
    if (!form) continue;
    const items = all(`#${id} .finding`).map((element) => ({
      element,
      text: element.textContent.toLowerCase(),
      places: data.findings[element.id.slice(8)].map((agent) => data.agents[agent].path),
    }));
    const of = (key) => distinct(items.map((item) => item.element.dataset[key]));
    filter(form, items, ["finding", "findings"], [
      { label: "Severity", none: "All", values: of("severity"), of: (item, value) => item.element.dataset.severity === value },
      { label: "Rule", none: "All", values: of("rule"), of: (item, value) => item.element.dataset.rule === value },
      { label: "Folder", none: "All", values: paths, of: (item, value) => item.places.some((path) => path.startsWith(value)) },
    ]);
  }
  const table = document.querySelector("table.sorted");
  if (table) {
    const items = all("tbody tr", table).map((element, at) => ({
      element,
      text: element.textContent.toLowerCase(),
      path: data.agents[at].path,
      kind: element.cells[1].textContent,
      model: element.cells[2].textContent,
    }));
    filter(document.querySelector("form[data-for=agents]"), items, ["agent", "agents"], [
      { label: "Kind", none: "All", values: distinct(items.map((item) => item.kind)), of: (item, value) => item.kind === value },
      { label: "Model", none: "All", values: distinct(items.map((item) => item.model)).filter(Boolean), of: (item, value) => item.model === value },
      { label: "Folder", none: "All", values: paths, of: (item, value) => item.path.startsWith(value) },
    ]);
  }

  // ---- Sorting

  const key = (row, column, isNumber) => {
    const text = row.cells[column].textContent;
    return isNumber ? Number(text.replaceAll(",", "")) : text.toLowerCase();
  };
  const sort = (column, header) => {
    const isNumber = header.classList.contains("num");
    const before = header.getAttribute("aria-sort");
    const isDown = before ? before === "ascending" : isNumber;
    all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", isDown ? "descending" : "ascending");
    const rows = [...table.tBodies[0].rows].map((row) => [key(row, column, isNumber), row]);
    const sign = isDown ? -1 : 1;
    rows.sort(([a], [b]) => {
      const isEmpty = (value) => value === "" || value === 0;
      if (isEmpty(a) !== isEmpty(b)) return isEmpty(a) ? 1 : -1;
      return sign * (a < b ? -1 : a > b ? 1 : 0);
    });
    table.tBodies[0].append(...rows.map(([, row]) => row));
  };
  if (table) {
    [...table.tHead.rows[0].cells].forEach((header, column) => {
      const button = el("button", { type: "button", onclick: () => sort(column, header) }, header.textContent);
      header.replaceChildren(button);
    });
  }

  // ---- Pairs and agents

  const view = document.getElementById("view");
  const pairs = new Map(data.pairs.map((pair) => [`${pair.left}-${pair.right}`, pair]));
  const bearers = new Map();
  for (const { name } of data.agents) bearers.set(name, (bearers.get(name) ?? 0) + 1);
  // Agents of one name are told apart by their paths.
  const called = ({ name, path }) => (bearers.get(name) > 1 ? path : name);
  const agentLink = (id) => el("a", { href: `#agent-${id}` }, data.agents[id].name);
  const share = (percent) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of [["class", "bar"], ["viewBox", "0 0 100 8"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) svg.setAttribute(name, value);
    rect.setAttribute("width", percent);
    rect.setAttribute("height", 8);
    svg.append(rect);
    return el("span", { class: "share" }, svg, `${percent} %`);
  };

  // The text with the words marked that the other text has too.
  const marked = (text, other) => {
    const words = (string) => string.match(/[\p{L}\p{N}]+/gu) ?? [];
    const known = new Set(words(other.toLowerCase()));
    const line = el("p");
    for (const part of text.split(/([\p{L}\p{N}]+)/u)) {
      if (/[\p{L}\p{N}]/u.test(part) && known.has(part.toLowerCase())) line.append(el("mark", {}, part));
      else line.append(part);
    }
    return line;
  };

  // The findings about some agents, under a heading; nothing where there are none.
  const findingsOf = (concerns, more = () => "") => {
    const items = data.findings.flatMap((agents, at) => {
      if (!concerns(agents)) return [];
      const finding = document.getElementById(`finding-${at}`);
      const message = finding.querySelector(".message").textContent;
      return [el("li", {}, el("a", { href: `#finding-${at}` }, message), ` (${finding.dataset.severity})`, more(finding))];
    });
    return items.length ? [el("h3", {}, "Findings"), el("ul", { class: "quotes" }, ...items)] : [];
  };

  const showPair = (pair) => {
    const [left, right] = [data.agents[pair.left], data.agents[pair.right]];
    const side = (id, agent, percent) => el("div", {},
      el("h3", {}, agentLink(id)), el("span", { class: "path" }, agent.path),
      el("p", {}, share(percent), " said by the other"));
    const rows = pair.matches.map(([percent, leftLine, leftText, rightLine, rightText]) => el("div", { class: "match" },
      el("div", {}, el("span", { class: "place" }, `line ${leftLine}`), marked(data.texts[leftText], data.texts[rightText])),
      el("div", {}, el("span", { class: "place" }, `line ${rightLine} · ${percent} % alike`), marked(data.texts[rightText], data.texts[leftText]))));
    const quotes = (finding, { path }) => el("div", {}, ...all("figure", finding)
      .filter((quote) => quote.querySelector(".place").textContent.startsWith(`${path}:`)).map((quote) => quote.cloneNode(true)));
    const both = findingsOf((agents) => agents.includes(pair.left) && agents.includes(pair.right),
      (finding) => el("div", { class: "match" }, quotes(finding, left), quotes(finding, right)));
    const rest = pair.n_matches - pair.matches.length;
    open(`${left.name} and ${right.name}`,
      el("p", {}, el("span", { class: "tag" }, pair.relation),
        ` redundancy ${pair.redundancy} %: roles ${pair.role} % alike, names ${pair.name} % alike, `,
        counted(pair.n_matches, "matching statement", "matching statements")),
      ...both,
      el("div", { class: "match" }, side(pair.left, left, pair.left_in_right), side(pair.right, right, pair.right_in_left)),
      ...rows,
      rest > 0 ? el("p", { class: "facts" }, pair.relation === "identical" ? "The texts are the same." : `${counted(rest, "more is", "more are")} not quoted here.`) : null);
  };

  const showAgent = (id) => {
    const agent = data.agents[id];
    const row = document.getElementById(`row-agent-${id}`);
    const [, kind, model, tokens, group] = [...row.cells].map((cell) => cell.textContent);
    const facts = [kind, model && `model ${model}`, `${tokens} tokens`, agent.language !== "und" && `language ${agent.language}`, agent.tools && `tools ${agent.tools}`];
    const related = data.pairs.filter((pair) => pair.left === id || pair.right === id);
    const findings = findingsOf((agents) => agents.includes(id));
    const pairRow = (pair) => {
      const isLeft = pair.left === id;
      return el("tr", {},
        el("th", { scope: "row" }, agentLink(isLeft ? pair.right : pair.left)),
        el("td", {}, pair.relation),
        el("td", {}, share(isLeft ? pair.left_in_right : pair.right_in_left)),
        el("td", {}, share(isLeft ? pair.right_in_left : pair.left_in_right)),
        el("td", {}, el("a", { class: "open", href: `#pair-${pair.left}-${pair.right}` }, "Side by side")));
    };
    const heads = ["Agent", "Relation", "Of this one, said there", "Of that one, said here", "Matches"];
    open(agent.name,
      el("span", { class: "path" }, agent.path),
      el("p", {}, facts.filter(Boolean).join(" · ")),
      group ? el("p", {}, "Member of ", el("a", { href: `#group-${group}` }, `group ${group}`)) : null,
      agent.mirror_of !== null ? el("p", {}, "A copy, made for another folder, of ", agentLink(agent.mirror_of)) : null,
      ...findings,
      el("h3", {}, related.length ? "Related agents" : "No related agents"),
      related.length ? el("div", { class: "scroll" }, el("table", {},
        el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
        el("tbody", {}, ...related.map(pairRow)))) : null);
  };

  // ---- Pictures

  // A picture of which a part is shown: `box`, as [x, y, width, height] in units
  // of the picture, of which `at` tells where an event is. The wheel moves it
  // only with a key held, so that it still scrolls the page.
  const width = (element) => element.getBoundingClientRect().width;
  const movable = (picture, full, least, at, look) => {
    let box = [...full];
    const show = (next) => look(box = next);
    const zoom = (factor, x = box[0] + box[2] / 2, y = box[1] + box[3] / 2) => {
      const size = Math.min(full[2] * 1.5, Math.max(least, box[2] * factor)) / box[2];
      show([x - (x - box[0]) * size, y - (y - box[1]) * size, box[2] * size, box[3] * size]);
    };
    const all = () => show([...full]);
    let from = null;
    let isMoved = false;
    picture.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(event.deltaY > 0 ? 1.2 : 1 / 1.2, ...at(event, box));
    }, { passive: false });
    picture.addEventListener("pointerdown", (event) => { from = at(event, box); isMoved = false; });
    addEventListener("pointermove", (event) => {
      if (!event.buttons) from = null;
      if (!from) return;
      const [x, y] = at(event, box);
      const [dx, dy] = [from[0] - x, from[1] - y];
      if (!isMoved && Math.hypot(dx, dy) * width(picture) / box[2] < 4) return;
      isMoved = true;
      show([box[0] + dx, box[1] + dy, box[2], box[3]]);
    });
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { from = null; });
    picture.addEventListener("dragstart", (event) => event.preventDefault());
    picture.addEventListener("click", (event) => {
      // A click without a count comes from a key.
      if (!isMoved || !event.detail) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      isMoved = false;
    }, true);
    addEventListener("resize", () => show(box));
    const button = (text, name, onclick) => el("button", { type: "button", class: "tool", "aria-label": name, onclick }, text);
    const buttons = [button("+", "Enlarge", () => zoom(1 / 1.4)), button("−", "Make smaller", () => zoom(1.4)), button("Fit", "Fit the whole picture", all)];
    all();
    const reveal = (x, y) => {
      const isSeen = x >= box[0] && x < box[0] + box[2] && y >= box[1] && y < box[1] + box[3];
      if (!isSeen) show([x - box[2] / 2, y - box[3] / 2, box[2], box[3]]);
    };
    return { buttons, reveal, isMoving: () => from !== null && isMoved };
  };
  const toPair = (key) => { location.hash = `pair-${key}`; };

  const drawing = document.querySelector(".graph > svg");
  if (drawing) {
    const nodes = all(".node", drawing);
    const edges = all(".edge", drawing).map((element) => {
      const [left, right] = element.dataset.ends.split(" ").map(Number);
      return { element, left, right, nConflicts: Number(element.dataset.conflicts) };
    });
    const agentsOf = new Map(nodes.map((node) => [node, node.dataset.agents.split(" ").map(Number)]));
    const name = (node) => data.agents[agentsOf.get(node)[0]].name;
    const status = document.querySelector(".graph .status");
    const at = (event) => {
      const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
      return [place.x, place.y];
    };
    const look = (box) => {
      drawing.setAttribute("viewBox", box.join(" "));
      // From here on a name is as wide as the room between two circles.
      const scale = width(drawing) / box[2];
      drawing.classList.toggle("near", scale > 1.15);
      drawing.style.setProperty("--shrunk", Math.max(1, 1.1 / scale));
    };
    const moves = movable(drawing, drawing.getAttribute("viewBox").split(" ").map(Number), 120, at, look);
    drawing.addEventListener("click", (event) => {
      const edge = event.target.closest("[data-pair]");
      if (edge) toPair(edge.dataset.pair);
    });

    // What a node or an edge is, in words; and what it is tied to.
    const highlight = (on) => {
      drawing.classList.toggle("dim", on !== null);
      for (const element of all(".on", drawing)) element.classList.remove("on");
      for (const element of on ?? []) element.classList.add("on");
    };
    const ofNode = (at) => edges.filter((edge) => !edge.element.hasAttribute("hidden") && (edge.left === at || edge.right === at));
    const describe = (element) => {
      const node = nodes.indexOf(element);
      if (node >= 0) {
        const tied = ofNode(node);
        const others = tied.map((edge) => name(nodes[edge.left === node ? edge.right : edge.left]));
        highlight([element, ...tied.flatMap((edge) => [edge.element, nodes[edge.left], nodes[edge.right]])]);
        const list = others.slice(0, 6).join(", ") + (others.length > 6 ? ` and ${others.length - 6} more` : "");
        status.textContent = `${name(element)}: ${list ? `tied to ${list}` : agentsOf.get(element).length > 1 ? "a group by itself" : "no such lines"}`;
        return;
      }
      const edge = edges.find((edge) => edge.element === element);
      highlight([element, nodes[edge.left], nodes[edge.right]]);
      const [one, other] = [name(nodes[edge.left]), name(nodes[edge.right])];
      const pair = pairs.get(element.dataset.pair);
      const shared = pair?.matches.length ? `, such as “${data.texts[pair.matches[0][2]]}”` : "";
      const what = pair ? `${pair.relation}, ${counted(pair.n_matches, "matching statement", "matching statements")}${shared}` : "";
      const conflicts = edge.nConflicts ? counted(edge.nConflicts, "conflict", "conflicts") : "";
      status.textContent = `${one} and ${other}: ${[conflicts, what].filter(Boolean).join("; ")}`;
    };
    const plain = () => { search.value.trim() ? find() : highlight(null); status.textContent = ""; };
    for (const name of ["pointerover", "focusin"]) {
      drawing.addEventListener(name, (event) => {
        const element = event.target.closest(".node, .edge");
        if (element && !moves.isMoving()) describe(element);
      });
    }
    drawing.addEventListener("focusin", (event) => {
      const circle = event.target.querySelector("circle");
      if (circle) moves.reveal(Number(circle.getAttribute("cx")), Number(circle.getAttribute("cy")));
    });
    for (const name of ["pointerout", "focusout"]) drawing.addEventListener(name, plain);

    const search = el("input", { type: "search", autocomplete: "off" });
    const found = el("output", { "aria-live": "polite" });
    const find = () => {
      const word = search.value.trim().toLowerCase();
      const fits = nodes.filter((node) => word && name(node).toLowerCase().includes(word));
      highlight(word ? fits : null);
      found.textContent = word ? counted(fits.length, "circle", "circles") : "";
    };
    // By agent: the rules of the findings about it.
    const rules = data.agents.map(() => new Set());
    data.findings.forEach((agents, at) => {
      for (const id of agents) rules[id].add(document.getElementById(`finding-${at}`).dataset.rule);
    });
    const ids = [...agentsOf.values()].flat();
    const drawnIn = paths.filter((path) => ids.some((id) => data.agents[id].path.startsWith(path)));
    const drawnRules = distinct(ids.flatMap((id) => [...rules[id]]));
    const kinds = ["redundant", "overlapping", "template", "translation", "conflict"];
    const drawn = kinds.filter((kind) => edges.some((edge) => edge.element.classList.contains(kind)));
    const [relation, relationField] = choice("Lines", "All", drawn);
    const [rule, ruleField] = choice("Rule", "All", drawnRules);
    const [folder, folderField] = choice("Folder", "All", drawnIn);
    const apply = () => {
      const shown = nodes.map((node) => agentsOf.get(node).some((id) =>
        (!rule.value || rules[id].has(rule.value)) && (!folder.value || data.agents[id].path.startsWith(folder.value))));
      nodes.forEach((node, at) => node.toggleAttribute("hidden", !shown[at]));
      for (const { element, left, right } of edges) {
        element.toggleAttribute("hidden", !shown[left] || !shown[right] || (relation.value !== "" && !element.classList.contains(relation.value)));
      }
    };
    const form = document.querySelector("form[data-for=graph]");
    form.append(el("label", {}, "Search", search));
    for (const [select, field] of [[relation, relationField], [rule, ruleField], [folder, folderField]]) {
      select.addEventListener("change", apply);
      if (select.options.length > 2) form.append(field);
    }
    form.append(...moves.buttons, found);
    search.addEventListener("input", find);
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  const canvas = document.querySelector(".matrix canvas");
  if (canvas) {
    const { order } = data;
    const places = new Map(order.map((id, at) => [id, at]));
    const cells = data.pairs.map((pair) => ({ pair, x: places.get(pair.left), y: places.get(pair.right) }));
    const status = document.querySelector(".matrix .status");
    const context = canvas.getContext("2d");
    let shown = [0, 0, order.length, order.length];
    // The names' room, on the left and above, where rows are high enough for names.
    const gutter = () => (canvas.clientWidth >= 500 && (canvas.clientWidth - 150) / shown[2] >= 10 ? 150 : 0);
    let cursor = null;
    const look = (box = shown) => {
      shown = box;
      const size = canvas.clientWidth;
      const [edge, ratio] = [gutter(), devicePixelRatio];
      const unit = (size - edge) / box[2];
      const place = (at, axis) => edge + (at - box[axis]) * unit;
      const style = getComputedStyle(canvas);
      const colour = (name) => style.getPropertyValue(`--${name}`);
      canvas.width = canvas.height = Math.round(size * ratio);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.save();
      context.beginPath();
      context.rect(edge, edge, size - edge, size - edge);
      context.clip();
      const square = (x, y, n) => context.fillRect(place(x, 0), place(y, 1), Math.max(n * unit, 1.5), Math.max(n * unit, 1.5));
      context.fillStyle = colour("sheet");
      square(0, 0, order.length);
      context.fillStyle = colour("track");
      for (const [at, n] of data.groups) square(at, at, n);
      context.fillStyle = colour("bar");
      for (const { pair, x, y } of cells) {
        context.globalAlpha = 0.2 + 0.8 * pair.redundancy / 100;
        square(x, y, 1);
        square(y, x, 1);
      }
      context.globalAlpha = 1;
      context.fillStyle = colour("edge");
      order.forEach((id, at) => square(at, at, 1));
      if (cursor) {
        context.strokeStyle = colour("ink");
        context.lineWidth = 2;
        context.strokeRect(place(cursor[0], 0), place(cursor[1], 1), Math.max(unit, 4), Math.max(unit, 4));
      }
      context.restore();
      if (!edge) return;
      context.font = `${unit < 14 ? 10 : 12}px system-ui, sans-serif`;
      context.fillStyle = colour("soft");
      context.textBaseline = "middle";
      const names = (axis) => order.forEach((id, at) => {
        const middle = place(at + 0.5, axis);
        if (middle < edge || middle > size) return;
        const { name } = data.agents[id];
        const label = name.length > 25 ? `${name.slice(0, 24)}…` : name;
        context.save();
        if (axis === 0) { context.translate(middle, edge - 6); context.rotate(-Math.PI / 2); }
        else { context.translate(edge - 6, middle); context.textAlign = "right"; }
        context.fillText(label, 0, 0);
        context.restore();
      });
      names(0);
      names(1);
    };
    const at = (event, box) => {
      const { left, top } = canvas.getBoundingClientRect();
      const unit = (canvas.clientWidth - gutter()) / box[2];
      return [box[0] + (event.clientX - left - gutter()) / unit, box[1] + (event.clientY - top - gutter()) / unit];
    };
    const moves = movable(canvas, [...shown], 4, at, look);
    document.querySelector("form[data-for=similarity]").append(...moves.buttons);

    const pairAt = ([x, y]) => {
      const [one, other] = [order[x], order[y]];
      return pairs.get(one < other ? `${one}-${other}` : `${other}-${one}`);
    };
    const point = (next) => {
      cursor = next;
      const pair = cursor && pairAt(cursor);
      canvas.classList.toggle("open", Boolean(pair));
      const names = cursor && cursor[0] !== cursor[1] ? cursor.map((at) => called(data.agents[order[at]])) : [];
      status.textContent = names.length
        ? `${names[1]} and ${names[0]}: ${pair ? `${pair.relation}, redundancy ${pair.redundancy} %` : "not related"}` : "";
      look();
    };
    const isInside = ([x, y]) => Math.min(x, y) >= 0 && Math.max(x, y) < order.length;
    canvas.addEventListener("pointermove", (event) => {
      const place = at(event, shown).map(Math.floor);
      if (!event.buttons) point(isInside(place) ? place : null);
    });
    canvas.addEventListener("pointerleave", () => point(null));
    canvas.addEventListener("click", (event) => {
      const pair = pairAt(at(event, shown).map(Math.floor));
      if (pair) toPair(`${pair.left}-${pair.right}`);
    });
    // The arrows go along the pairs, row by row.
    const stops = cells.flatMap(({ x, y }) => [[x, y], [y, x]]).sort((a, b) => a[1] - b[1] || a[0] - b[0]);
    canvas.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        const before = cursor ? stops.findIndex(([x, y]) => x === cursor[0] && y === cursor[1]) : -1;
        const [x, y] = stops[Math.min(Math.max(before + step, 0), stops.length - 1)];
        moves.reveal(x, y);
        point([x, y]);
      }
      const pair = cursor && pairAt(cursor);
      if (event.key === "Enter" && pair) toPair(`${pair.left}-${pair.right}`);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => look());
  }

  // ---- What the address names

  let before = null;
  const open = (title, ...children) => {
    const close = el("button", { type: "button", class: "tool close", onclick: () => view.close() }, "Close");
    view.replaceChildren(el("h2", { id: "view-title", tabindex: "-1" }, title), close, ...children.filter((child) => child !== null));
    if (!view.open) view.showModal();
    view.scrollTop = 0;
    document.getElementById("view-title").focus();
  };
  view.addEventListener("close", () => {
    if (/^#(pair|agent)-/.test(location.hash)) history.replaceState(null, "", before ?? "#overview");
  });
  view.addEventListener("click", (event) => { if (event.target === view) view.close(); });

  const go = () => {
    const [, what, one, other] = /^#(pair|agent)-(\d+)(?:-(\d+))?$/.exec(location.hash) ?? [];
    const pair = what === "pair" ? pairs.get(`${one}-${other}`) : null;
    if (pair) return showPair(pair);
    if (what === "agent" && data.agents[one]) return showAgent(Number(one));
    before = location.hash || null;
    if (view.open) view.close();
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
      at.hidden = false;
    }
    target.scrollIntoView();
  };
  addEventListener("hashchange", go);

  // Paper has nothing to open.
  let closed = [];
  const openAll = (isOpen) => closed.forEach((details) => { details.open = isOpen; });
  addEventListener("beforeprint", () => { closed = all("main details:not([open])"); openAll(true); });
  addEventListener("afterprint", () => openAll(false));
  go();
})();
