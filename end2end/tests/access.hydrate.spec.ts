// Every screen, as those see it who are there for it, is looked at by axe: nothing serious may stand in anybody's way.
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { enter } from "../pages/company.ts";

test.use({ serving: { demo: true } });

/** What axe finds serious or critical, in words that say where. */
async function serious(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(" ")}: ${failureSummary?.split("\n")[1]?.trim()}`));
}

const screens = {
  planner: [
    "/", "/set/baseline", "/set/outlook", "/set/capability", "/set/questionnaires", "/set/questionnaires?edit=new", "/set/target", "/set/scenarios",
    "/set/approval", "/split", "/split/workbook", "/split/staffing", "/track", "/notices", "/data/import",
  ],
  owner: ["/admin/people"],
  manager: ["/", "/track", "/split", "/my-target"],
  rep: ["/", "/my-target", "/questionnaire", "/track", "/notices"],
} as const;

for (const role of Object.keys(screens) as (keyof typeof screens)[]) {
  test(`nothing serious stands in the way of the ${role} @matrix`, async ({ page, words, colorScheme }) => {
    test.setTimeout(240_000);
    const found: Record<string, string[]> = {};
    const look = async (name: string) => {
      const problems = await serious(page);
      if (problems.length > 0) found[`${name} (${colorScheme})`] = problems;
    };
    await page.goto("/sign-in");
    await look("/sign-in");
    await enter(page, words, role);
    for (const screen of screens[role]) {
      await page.goto(screen);
      await expect(page.locator("main")).toBeVisible();
      await expect(page.locator("main .skeleton")).toHaveCount(0);
      await look(screen);
      await page.evaluate(() => {
        for (const part of document.querySelectorAll<HTMLDetailsElement>("main details")) part.open = true;
      });
      await expect(page.locator("main .skeleton")).toHaveCount(0);
      await look(`${screen}, unfolded`);
    }
    expect(found).toEqual({});
  });
}
