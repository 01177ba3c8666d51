// Fairness beside the grid: verdicts and figures follow the numbers, and a limit that blocks keeps a plan from being published
// until an owner says why.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("a plan is judged while it is split, and held against limits", async ({ page, words, watch, picture }) => {
  test.setTimeout(120_000);
  const panel = page.locator("details.fairness");
  const gini = async () => Number(await panel.locator("[data-figure=gini]").getAttribute("data-value"));
  // Below the grid on a phone, where it begins folded.
  const unfold = async () => {
    await panel.waitFor({ state: "attached" });
    if (!(await panel.evaluate((details) => (details as HTMLDetailsElement).open))) await panel.locator(":scope > summary").click();
    await expect(panel.locator("[data-verdict=level] b")).not.toBeEmpty({ timeout: 60_000 });
  };
  let version = "";

  await test.step("level and spread are told apart", async () => {
    await enter(page, words, "planner");
    version = await newDraft(page, words);
    await unfold();
    await expect(panel.locator("[data-verdict=spread] b")).not.toBeEmpty();
    const reached = Number(await panel.locator("[data-figure=reached]").getAttribute("data-value"));
    expect(reached).toBeGreaterThan(0);
    expect(reached).toBeLessThan(1);
    await expect(panel.locator("svg[role=img]")).toHaveAttribute("aria-label", /%/);
    await picture(page, "fairness-1-panel");
  });

  await test.step("a number that is changed moves the figures", async () => {
    const before = await gini();
    const row = page.locator(".grid .tr[data-node]").nth(1);
    await row.focus();
    await expect(row).toHaveClass(/selected/);
    await page.keyboard.press("F2");
    await page.keyboard.type("=+20%");
    await page.keyboard.press("Enter");
    await expect.poll(gini).not.toBe(before);
  });

  await test.step("a name leads to its row", async () => {
    const name = panel.locator("button[data-who]").first();
    // Where everybody is well off, nobody is named.
    if ((await name.count()) > 0) {
      const node = await name.getAttribute("data-who");
      await name.click();
      await expect(page.locator(`.grid .tr[data-node="${node}"]`)).toHaveClass(/selected/);
    }
  });

  await test.step("what is beyond a limit that blocks is not published without a reason", async () => {
    await enter(page, words, "owner");
    await page.goto(`/split?version=${version}`);
    await unfold();
    await panel.locator("details.limits > summary").click();
    await panel.locator("input[name=warn-reached]").fill("100");
    await panel.locator("input[name=block-reached]").fill("99");
    await panel.getByRole("button", { name: words("fairness.save"), exact: true }).click();
    await expect(panel.locator("[data-breach=reached][data-blocks=true]")).toBeVisible();
    watch.expect(/status of 409/);
    await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
    await page.locator("dialog[open] footer button.primary").click();
    await expect(page.locator(".toasts")).toContainText("99.0 %");
    await picture(page, "fairness-2-refused");
    const anyway = panel.locator("[data-fairness=anyway]");
    await anyway.locator("input").fill("董事会已经同意");
    await anyway.getByRole("button").click();
    await expect(page.getByRole("button", { name: words("split.new_draft"), exact: true })).toBeVisible({ timeout: 30_000 });
  });
});
