// Every screen, as those see it who are there for it, is looked at by axe: nothing serious may stand in anybody's way. Every second of
// them in English.
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter } from "../pages/company.ts";

test.use({ serving: { demo: true } });

const screens = {
  "the planner who sets": [
    "zh-CN",
    "planner",
    ["/", "/set/baseline", "/set/outlook", "/set/capability", "/set/questionnaires", "/set/questionnaires?edit=new", "/set/target", "/set/scenarios", "/set/approval"],
  ],
  "the planner who splits": ["en", "planner", ["/split", "/split/workbook", "/split/staffing", "/track", "/notices", "/data/import"]],
  "the owner": ["zh-CN", "owner", ["/admin/people"]],
  "the manager": ["en", "manager", ["/", "/track", "/split", "/my-target", "/questionnaire", "/notices"]],
  "the rep": ["zh-CN", "rep", ["/", "/my-target", "/questionnaire", "/track", "/notices"]],
} as const;

for (const [who, [language, role, addresses]] of Object.entries(screens)) {
  test.describe(who, () => {
    test.use({ language, locale: language === "en" ? "en-GB" : language });
    test(`nothing serious stands in the way of ${who}`, async ({ page, phone, words }) => {
      test.setTimeout(300_000);
      const found: Record<string, string[]> = {};
      const look = async (at: Page, name: string) => {
        const problems = await serious(at);
        if (problems.length > 0) found[name] = problems;
      };
      const shown = async (at: Page, address: string) => {
        await at.goto(address);
        await expect(at.locator("main")).toBeVisible();
        await expect(at.locator("main .skeleton")).toHaveCount(0);
        // A grid has its heads before its rows, and nothing in it to lead the keyboard to.
        if (address === "/split") await expect(at.locator(".grid .tr[data-node]").first()).toBeVisible();
      };

      await test.step("on a desktop, in the light, everything unfolded", async () => {
        await page.goto("/sign-in");
        await look(page, "/sign-in");
        await enter(page, words, role);
        for (const address of addresses) {
          await shown(page, address);
          await page.evaluate(() => {
            for (const part of document.querySelectorAll<HTMLDetailsElement>("main details")) part.open = true;
          });
          await expect(page.locator("main .skeleton")).toHaveCount(0);
          await look(page, address);
        }
      });

      await test.step("on a phone, in the dark", async () => {
        const hand = await phone();
        await hand.emulateMedia({ colorScheme: "dark" });
        await hand.goto("/sign-in");
        await look(hand, "/sign-in, phone");
        await enter(hand, words, role);
        for (const address of addresses) {
          await shown(hand, address);
          await look(hand, `${address}, phone`);
        }
      });
      expect(found).toEqual({});
    });
  });
}
