// The denominator of the figure `rows`: a thousand rows by plain DOM code, with the markup and the styles of the grid's own rows.
// Runs alone too: `install` in any page, then make, change, turn and remove.

/** What plain code does with its rows. */
export interface Plain {
  make(): void;
  change(): void;
  turn(): void;
  remove(): void;
}

/** Puts an empty grid into the page and gives what fills it. It runs in the page: nothing outside of it is there. */
export function install({ row, count }: { row: string; count: number }): Plain {
  document.body.innerHTML =
    '<div class="workplace"><div class="grid" role="treegrid" tabindex="0"><div class="trs" role="rowgroup"></div></div></div>';
  const body = document.querySelector<HTMLElement>(".trs");
  const template = document.createElement("template");
  template.innerHTML = row;
  const first = template.content.firstElementChild;
  if (body === null || first === null) throw new Error("there is no row to make others after");
  const words = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  type Row = { element: HTMLElement; figures: Text[]; amounts: HTMLElement[]; values: number[] };
  let rows: Row[] = [];
  let turned = 0;
  // As plain code does it: one listener for all rows.
  for (const kind of ["click", "keydown", "focusin", "copy", "paste", "contextmenu", "dblclick", "pointerdown"]) {
    body.addEventListener(kind, (event) => {
      const row = (event.target as HTMLElement).closest<HTMLElement>("[role=row]");
      if (row !== null) row.dataset.last = kind;
    });
  }
  const show = (row: Row) => {
    row.values.forEach((value, place) => {
      const [figure, amount] = [row.figures[place], row.amounts[place]];
      if (figure !== undefined) figure.data = words.format(value);
      if (amount === undefined) return;
      amount.dataset.minor = String(value);
      amount.title = words.format(value);
    });
  };
  return {
    make() {
      body.style.setProperty("--rows", String(count));
      const all = document.createDocumentFragment();
      rows = Array.from({ length: count }, (_, at): Row => {
        const element = first.cloneNode(true) as HTMLElement;
        element.style.setProperty("--at", String(at));
        element.dataset.node = String(at);
        element.dataset.name = `Person ${at}`;
        element.setAttribute("aria-rowindex", String(at + 2));
        const amounts = [...element.querySelectorAll<HTMLElement>("[data-minor]")];
        const figures = amounts.map((amount) => {
          const figure = amount.querySelector(".figure-button") ?? amount;
          const text = document.createTextNode("");
          figure.replaceChildren(text);
          return text;
        });
        const row = { element, figures, amounts, values: amounts.map((_, place) => at * 17 + place) };
        show(row);
        all.append(element);
        return row;
      });
      body.append(all);
    },
    change() {
      for (const row of rows) {
        row.values = row.values.map((value) => value + 12_345);
        show(row);
      }
    },
    turn() {
      turned += 1;
      const order = turned % 2 === 0 ? rows : [...rows].reverse();
      order.forEach(({ element }, at) => {
        element.style.setProperty("--at", String(at));
        element.setAttribute("aria-rowindex", String(at + 2));
      });
      body.append(...order.map(({ element }) => element));
    },
    remove() {
      body.replaceChildren();
      body.style.setProperty("--rows", "0");
      rows = [];
    },
  };
}
