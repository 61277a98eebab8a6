// A cell's story as a timeline. The order of each list is that of stories.py.

const MARK_OF_OUTCOME = { ok: "✔", warned: "◐", unsupported: "–" };

function storyOf([reasons, status, help, events, detail]) {
  return [
    element("p", {}, `Status: ${status}.`),
    listOf(reasons, "Why this verdict"),
    listOf(help, "What the tool needed to start at all"),
    detail && outputOf(detail, "Details"),
    element("h3", {}, "What happened"),
    element("ol", { class: "timeline" }, events.map(eventOf)),
  ];
}

function listOf(texts, heading) {
  if (!texts.length) return "";
  const items = texts.map((text) => element("li", {}, text));
  return element("div", {}, element("h3", {}, heading), element("ul", {}, items));
}

function eventOf(event) {
  const [title, outcome, words, commands, seconds, git, files, notes, ...database] = event;
  const mark = MARK_OF_OUTCOME[outcome] ?? "✘";
  return element(
    "li",
    {},
    element("h4", {}, title, element("span", { class: "outcome" }, ` ${mark} ${outcome}`)),
    words && element("p", { class: "words" }, words),
    git.length ? outputOf(git.join("\n"), "git") : "",
    commands.map((command, number) => commandOf(command, seconds[number])),
    notes.length ? element("ul", {}, notes.map((note) => element("li", {}, note))) : "",
    filesOf(files),
    databaseOf(...database),
  );
}

function commandOf([line, ending, stdout, stderr, notes], thousandths) {
  const time = `${(thousandths / 1000).toFixed(2)} s`;
  return element(
    "div",
    { class: "command" },
    element("pre", { class: "line" }, element("code", {}, `$ ${line}`)),
    outputOf(stdout, "standard output"),
    outputOf(stderr, "standard error"),
    element("p", { class: "ending" }, [ending, time, ...notes].join(" · ")),
  );
}

function outputOf(text, label) {
  if (!text) return "";
  const scrolls = { tabindex: "0", role: "region", "aria-label": label };
  return element(
    "figure",
    {},
    element("figcaption", {}, label),
    element("pre", scrolls, text.replace(/\n$/, "")),
  );
}

function filesOf(files) {
  if (!files.length) return "";
  const items = files.map((file) => element("li", {}, element("code", {}, file)));
  return element(
    "details",
    { open: files.length < 4 },
    element("summary", {}, counted(files.length, "file changed", "files changed")),
    element("ul", {}, items),
  );
}

function databaseOf(name, expecting, before, after) {
  if (!after) return "";
  const lines = differenceOf(before ?? after, after);
  const changed = lines.filter(([sign]) => sign !== " ").length;
  const [from, to] = expecting ? ["expected", "found"] : ["before", "after"];
  const said = changed
    ? `${counted(changed, "line differs", "lines differ")} (− ${from}, + ${to})`
    : before ? `the same as ${from}` : "as it is";
  return element(
    "details",
    { open: changed > 0 },
    element("summary", {}, `database ${name}: ${said}`),
    element("pre", { class: "difference", tabindex: "0" }, lines.map(lineOf)),
  );
}

function lineOf([sign, line]) {
  const tag = { "−": "del", "+": "ins" }[sign] ?? "span";
  return element(tag, {}, `${sign} ${line}\n`);
}
