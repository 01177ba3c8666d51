// The split grid.
import { expect, type Locator, type Page } from "@playwright/test";

export class SplitGrid {
  constructor(private readonly page: Page) {}

  row(name: string): Locator {
    return this.page.locator(`[role=row][data-name="${name}"]`).first();
  }

  /** Scrolls until a row exists: rows out of sight are not in the page. */
  async reveal(name: string): Promise<void> {
    const grid = this.page.getByRole("treegrid");
    await grid.waitFor();
    for (let top = 0; (await this.row(name).count()) === 0; top += 200) {
      const end = await grid.evaluate((element, top) => {
        element.scrollTop = top;
        return top > element.scrollHeight;
      }, top);
      if (end) throw new Error(`there is no row ${name}`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Goes on with the Tab key, from what lies before the rows, until one of them or of their amounts has the focus. */
  async tabIn(): Promise<void> {
    const inside = () => this.page.evaluate(() => document.activeElement?.closest(".grid .trs") instanceof Element);
    for (let steps = 0; steps < 8 && !(await inside()); steps += 1) await this.page.keyboard.press("Tab");
  }

  /** The row's total in minor units. */
  async amount(name: string): Promise<number> {
    await this.reveal(name);
    return Number(await this.row(name).locator("[data-minor].total").getAttribute("data-minor"));
  }

  /** Sums the totals of rows. */
  async sum(names: string[]): Promise<number> {
    let sum = 0;
    for (const name of names) sum += await this.amount(name);
    return sum;
  }

  async unfold(name: string): Promise<void> {
    await this.reveal(name);
    const row = this.row(name);
    await row.scrollIntoViewIfNeeded();
    if ((await row.getAttribute("aria-expanded")) === "false") await row.locator(".twisty").click();
    await expect(row).toHaveAttribute("aria-expanded", "true");
  }

  /** Drags a row's handle by some pixels in steps, as a hand does. */
  async drag(name: string, byPixels: number): Promise<void> {
    await this.reveal(name);
    const handle = this.row(name).getByRole("slider");
    await handle.scrollIntoViewIfNeeded();
    const box = await handle.boundingBox();
    if (box === null) throw new Error(`${name} has no handle in sight`);
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    for (let step = 1; step <= 10; step += 1) await this.page.mouse.move(x + (byPixels * step) / 10, y);
    await this.page.mouse.up();
  }
}

/** Unfolds a panel: below the grid, on a phone, panels begin folded. */
export async function unfold(panel: Locator): Promise<void> {
  await panel.waitFor({ state: "attached" });
  if (!(await panel.evaluate((details) => (details as HTMLDetailsElement).open))) await panel.locator(":scope > summary").click();
}

/** Opens the split of a version, and waits for its rows. */
export async function openSplit(page: Page, version: string): Promise<void> {
  await page.goto(`/split?version=${version}`);
  await page.locator(".grid .tr[data-node]").first().waitFor();
}

/** Everything that was done here is in the plan. */
export async function saved(page: Page): Promise<void> {
  await expect(page.locator("[data-saved]")).toHaveAttribute("data-saved", "true");
}

/** Types over what a row has in all, by keyboard, and takes it over. */
export async function typeOver(row: Locator, text: string): Promise<void> {
  const { keyboard } = row.page();
  await row.focus();
  await expect(row).toHaveClass(/selected/);
  await keyboard.press("F2");
  await keyboard.type(text);
  await keyboard.press("Enter");
}

/** What is read once it stays the same: rows are drawn by and by. */
export async function settled<T>(read: () => Promise<T>): Promise<T> {
  let last = await read();
  const stays = async () => {
    const [before, now] = [JSON.stringify(last), await read()];
    last = now;
    return JSON.stringify(now) === before;
  };
  await expect.poll(stays, { intervals: [400], timeout: 30_000 }).toBe(true);
  return last;
}
