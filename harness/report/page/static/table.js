// The matrix as a table. Rows that nobody sees yet are drawn when the browser is idle.

const CELLS_AT_ONCE = 400;
const whenIdle = window.requestIdleCallback ?? ((work) => setTimeout(work, 16));

class Table {
  #table;
  #drawing = 0;
  #rest = () => {};

  constructor(table) {
    this.#table = table;
    window.addEventListener("beforeprint", () => this.#rest(true));
  }

  draw(columns, rows, choice, onSort) {
    this.#drawing += 1;
    const drawing = this.#drawing;
    const body = element("tbody", { role: "rowgroup" });
    const head = headOf(columns, choice, onSort);
    const caption = element("caption", {}, "Verdicts; each leads to its story");
    this.#table.setAttribute("role", "table");
    this.#table.style.setProperty("--columns", columns.length);
    this.#table.replaceChildren(caption, head, body);
    const step = Math.max(10, Math.ceil(CELLS_AT_ONCE / Math.max(1, columns.length)));
    let next = 0;
    this.#rest = (all) => {
      if (drawing !== this.#drawing || next >= rows.length) return;
      const until = all ? rows.length : next + step;
      body.append(...rows.slice(next, until).map((row) => rowOf(row, columns)));
      next = until;
      whenIdle(() => this.#rest());
    };
    this.#rest();
  }
}

function headOf(columns, choice, onSort) {
  const story = headingOf("", "story", "", choice, onSort);
  const others = columns.map((column) =>
    headingOf(column.number, column.candidate, placeOf(column), choice, onSort),
  );
  const row = element("tr", { role: "row" }, story, others);
  return element("thead", { role: "rowgroup" }, row);
}

function headingOf(by, name, place, choice, onSort) {
  const sorted = choice.sortedBy === by;
  const order = choice.descending ? "descending" : "ascending";
  const arrow = sorted ? (choice.descending ? " ▼" : " ▲") : "";
  const button = element(
    "button",
    { type: "button", title: "Sort by this column", "data-sort": String(by) },
    element("strong", {}, name),
    element("span", { "aria-hidden": "true" }, arrow),
    place && element("small", {}, place),
  );
  button.addEventListener("click", () => onSort(by));
  const sort = sorted ? order : "none";
  return element("th", { scope: "col", role: "columnheader", "aria-sort": sort }, button);
}

function rowOf(row, columns) {
  const heading = element(
    "th",
    { scope: "row", role: "rowheader", title: row.question },
    element("small", {}, row.family),
    element("span", {}, row.name),
  );
  return element("tr", { role: "row" }, heading, columns.map((column) => cellOf(row, column)));
}

function cellOf(row, column) {
  const cell = row.cells.get(column.number);
  if (!cell) return element("td", { role: "cell", class: "empty" }, "not run");
  return element(
    "td",
    { role: "cell", "data-grade": cell.word },
    element("small", { class: "where", "aria-hidden": "true" }, `${column.candidate}, ${placeOf(column)}`),
    linkTo(row, column, cell),
  );
}

function linkTo(row, column, cell) {
  return element(
    "a",
    { href: `#cell=${nameOf(row, column)}` },
    element("span", { class: "mark", "aria-hidden": "true" }, cell.mark),
    ` ${cell.headline}`,
  );
}

function placeOf(column) {
  return `${column.toolchain}, ${column.backend}`;
}
