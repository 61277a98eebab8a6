// The page: its filters, its table, and the story that its address names.

const model = modelOf(JSON.parse(document.getElementById("matrix-data").textContent));
const choice = choiceOf(model);
const table = new Table(document.getElementById("cells"));
const dialog = document.getElementById("story");
const readers = new Map();

function draw() {
  const columns = chosenColumns(model, choice);
  const rows = chosenRows(model, choice, columns);
  table.draw(columns, rows, choice, sortBy);
  const ways = counted(columns.length, "way of running them", "ways of running them");
  document.getElementById("shown").textContent =
    `${counted(rows.length, "story", "stories")} of ${model.rows.length}, in ${ways}.`;
}

function sortBy(by) {
  choice.descending = choice.sortedBy === by && !choice.descending;
  choice.sortedBy = by;
  draw();
  document.querySelector(`#cells [data-sort="${by}"]`).focus();
}

function chooser(legend, name, options) {
  const inputs = options.map(([value, label]) =>
    element(
      "label",
      {},
      element("input", { type: "radio", name, value, checked: choice[name] === value }),
      ` ${label}`,
    ),
  );
  return element("fieldset", {}, element("legend", {}, legend), inputs);
}

function menu(label, name, options) {
  const made = options.map(([value, text]) => element("option", { value }, text));
  return element("label", {}, `${label} `, element("select", { name }, made));
}

function filters() {
  const candidates = [...new Set(model.columns.map((column) => column.candidate))];
  const backends = [...new Set(model.columns.map((column) => column.backend))];
  const families = [...new Set(model.rows.map((row) => row.family))];
  const ages = model.ages.map(([name, era, madeOf]) => {
    return [name, `${era && `${era}: `}${name} (${madeOf})`];
  });
  return [
    element(
      "div",
      { class: "search" },
      element("label", {}, "Find ", element("input", { type: "search", name: "text", autocomplete: "off" })),
      menu("Family", "family", [["", "all"], ...families.map((name) => [name, name])]),
      menu("Verdict", "grade", [["", "any"], ...model.grades.map(([word, mark]) => [word, `${mark} ${word}`])]),
      element("label", {}, element("input", { type: "checkbox", name: "differing" }), " only where these differ"),
    ),
    chooser("Then and now: toolchains, oldest first", "toolchain", [...ages, ["", "side by side"]]),
    chooser("Database", "backend", [...backends.map((name) => [name, name]), ["", "all"]]),
    element(
      "fieldset",
      {},
      element("legend", {}, "Candidates"),
      candidates.map((name) =>
        element("label", {}, element("input", { type: "checkbox", name: "candidate", value: name, checked: true }), ` ${name}`),
      ),
    ),
  ];
}

function onFilter({ target }) {
  if (target.name === "candidate") {
    choice.without[target.checked ? "delete" : "add"](target.value);
  } else {
    choice[target.name] = target.type === "checkbox" ? target.checked : target.value;
  }
  draw();
}

// A family's stories are unpacked once, when the first of them is opened.
function storyNamed(name) {
  const [family] = name.split("/");
  const packed = document.getElementById(`stories-${family}`);
  if (!readers.has(family)) readers.set(family, storiesIn(packed.textContent));
  return readers.get(family).then((read) => read(name));
}

function cellNamed(name) {
  const [id, ...place] = name.split(":");
  const row = model.rows.find((one) => one.id === id);
  const column = model.columns.find(
    ({ candidate, toolchain, backend }) => [candidate, toolchain, backend].join() === place.join(),
  );
  return row && column && row.cells.has(column.number) ? [row, column] : null;
}

function elsewhere(row, here) {
  const items = model.columns
    .filter((column) => row.cells.has(column.number))
    .map((column) => {
      const link = linkTo(row, column, row.cells.get(column.number));
      if (column === here) link.setAttribute("aria-current", "true");
      link.prepend(`${column.candidate}, ${placeOf(column)}: `);
      return element("li", {}, link);
    });
  return element(
    "details",
    {},
    element("summary", {}, `The same story in ${counted(items.length, "cell")}: other candidates, databases, then and now`),
    element("ul", {}, items),
  );
}

async function open(name) {
  const [row, column] = cellNamed(name);
  const cell = row.cells.get(column.number);
  const close = element("button", { type: "button" }, "Close");
  close.addEventListener("click", () => dialog.close());
  const title = element("h2", { id: "story-title", tabindex: "-1" }, `${row.name}: ${column.candidate}, ${placeOf(column)}`);
  const body = element("div", {}, element("p", { role: "status" }, "Unpacking…"));
  dialog.replaceChildren(
    element("header", {}, title, close),
    element("p", {}, row.question),
    element("p", { class: "verdict", "data-grade": cell.word }, `${cell.mark} ${cell.headline}`),
    element("p", {}, "Repeat it: ", element("code", {}, `migration-compare reproduce ${name}`)),
    elsewhere(row, column),
    body,
  );
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  title.focus();
  body.replaceChildren(...storyOf(await storyNamed(name)).filter(Boolean));
}

function follow() {
  const [, pattern] = /^#cell=(.+)$/.exec(decodeURIComponent(location.hash)) ?? [];
  const name = pattern && alternativesOf(pattern).find(cellNamed);
  if (name) open(name);
  else if (dialog.open) dialog.close();
}

dialog.addEventListener("close", () => {
  if (location.hash.startsWith("#cell=")) history.replaceState(null, "", "#matrix");
});
// A cell's name stands in the page once; the link that it is says it no second time.
for (const link of document.querySelectorAll("a.cell")) link.href = `#cell=${link.textContent}`;
const form = document.getElementById("filters");
form.append(...filters());
form.addEventListener("input", onFilter);
form.addEventListener("submit", (event) => event.preventDefault());
window.addEventListener("hashchange", follow);
draw();
follow();
