// What axe says of what is on a screen, and of what opens there.
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page } from "@playwright/test";

/** What axe finds serious or critical on a page, or in the marked part of it, in words that say where. */
export async function serious(page: Page, part?: string): Promise<string[]> {
  const all = new AxeBuilder({ page });
  const { violations } = await (part === undefined ? all : all.include(part)).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary?.split("\n")[1]?.trim()}`));
}

/** Looks at one page in both themes whenever something is open on it, and keeps what is found. */
export class Looking {
  readonly found: Record<string, string[]> = {};
  #looked = 0;

  constructor(
    private readonly page: Page,
    private readonly size: "desktop" | "phone",
  ) {}

  /** Looks at the page while something stands open, which must be in sight. */
  async at(name: string, open: Locator): Promise<void> {
    await expect(open.first(), `${name}, ${this.size}`).toBeVisible({ timeout: 60_000 });
    // What opened, with all that belongs to it: the screen below is looked at as a page of its own, and takes half a minute.
    await open.first().evaluate((element) => {
      for (const before of document.querySelectorAll("[data-looked]")) before.removeAttribute("data-looked");
      (element.closest("dialog, [role=menu], .beside, .tools, .unsaved, .tr") ?? document.body).setAttribute("data-looked", "");
    });
    for (const colorScheme of ["light", "dark"] as const) {
      // Nothing is on its way from one colour to another.
      await this.page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      const problems = await serious(this.page, "[data-looked]");
      if (problems.length > 0) this.found[`${name}, ${this.size}, ${colorScheme}`] = problems;
    }
    await expect(open.first(), `${name} stayed open, ${this.size}`).toBeVisible();
    this.#looked += 1;
  }

  /** Nothing serious was found, and so many things were looked at. */
  nothing(looked: number): void {
    expect(this.found).toEqual({});
    expect(this.#looked, "what was looked at").toBe(looked);
  }
}

/** The dialog that is open, closed by its own button. */
export async function close(page: Page, words: (key: string) => string): Promise<void> {
  const dialog = page.locator("dialog[open]");
  await dialog.getByRole("button", { name: words("ui.close"), exact: true }).click();
  await expect(dialog).toHaveCount(0);
}
