// Who decides on a plan without a predecessor sees every number within reach and speaks of any of them; tabs, navigation and
// palette offer to each role what it may open.
import { expect, test } from "../fixtures/attain.ts";
import { serious } from "../pages/axe.ts";
import { enter, letApprove } from "../pages/company.ts";
import { speaks } from "../pages/language.ts";

test.use({ serving: { demo: true } });

test("a manager decides on a first plan, number by number @english", async ({ page, phone, words, picture, language }) => {
  test.setTimeout(120_000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  const said = language === "en" ? "New Year is in this month" : "春节在这个月";
  await test.step("managers are asked to approve", async () => {
    await enter(page, words, "owner");
    await letApprove(page, words, "manager");
  });

  await test.step("the planner hands in a plan of a year nothing is on record for", async () => {
    await enter(page, words, "planner");
    await page.goto("/set/target");
    const period = page.locator("select[name=period]");
    const names = await period.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    const year = names.filter((name) => /^\d{4}$/.test(name)).sort().at(-1) ?? "";
    await period.selectOption(year);
    await page.getByLabel(words("target.total"), { exact: true }).fill("12,000,000");
    await page.getByRole("button", { name: words("target.create") }).click();
    await expect(page).toHaveURL(/\/split\?version=/);
    await page.goto(page.url().replace("/split?", "/set/approval?"));
    await expect(page.locator("[data-figure=handed-in]")).toHaveAttribute("data-minor", "1200000000");
    await expect(page.locator("[data-figure=place]"), "how likely it is").toContainText("P", { timeout: 30_000 });
    await expect(page.getByText(words("approval.difference_nothing"))).toBeVisible();
    await picture(page, "decide-1-handed-in");
    await speaks(page, language);
    expect(await serious(page, "main")).toEqual([]);
    await page.getByRole("button", { name: words("approval.submit"), exact: true }).click();
    await page.locator("dialog[open]").getByRole("button", { name: words("approval.submit"), exact: true }).click();
    await expect(page.getByRole("button", { name: words("approval.take_back"), exact: true })).toBeVisible();
  });

  await test.step("the manager sees the own part of it on a phone, and speaks of a month", async () => {
    const screen = await phone();
    await enter(screen, words, "manager");
    await screen.goto("/set/approval");
    await expect(screen.getByRole("button", { name: words("approval.approve"), exact: true })).toBeVisible();
    expect(Number(await screen.locator("[data-figure=handed-in]").getAttribute("data-minor"))).toBeGreaterThan(0);
    const numbers = screen.locator("[data-card=numbers] tr[data-node]");
    expect(await numbers.count()).toBeGreaterThan(1);
    const wide = await screen.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, "the page does not scroll sideways").toBeLessThanOrEqual(0);
    await picture(screen, "decide-2-manager");
    await numbers.first().locator(".say").nth(1).click();
    const field = screen.locator("textarea[name=remark]");
    await expect(field).toBeFocused();
    await expect(screen.locator("select[name=remark-period]")).toHaveValue("1");
    await field.fill(said);
    await screen.getByRole("button", { name: words("approval.remark_send"), exact: true }).click();
    await expect(screen.locator(".thread")).toContainText(said);
    await picture(screen, "decide-3-remark");
    await speaks(screen, language);
    expect(await serious(screen, "main")).toEqual([]);
    await screen.context().close();
  });
});

test("a role is offered the screens it may open", async ({ page, words }) => {
  const tabs = page.locator(".set-bar nav.tabs a");
  const options = page.locator("#palette-list [role=option]");
  const look = async (name: string) => {
    const ask = page.locator("dialog.palette input");
    // The keys are heard once the program is there.
    await expect(async () => {
      await page.keyboard.press("Control+k");
      await expect(ask).toBeVisible({ timeout: 500 });
    }).toPass();
    await ask.fill(name);
  };
  await enter(page, words, "manager");
  await page.goto("/");
  await page.locator('.rail a[href="/set/questionnaires"]').click();
  await expect(page).toHaveURL(/\/set\/questionnaires$/);
  await expect(tabs).toHaveCount(2);
  await page.getByRole("link", { name: words("approval.title"), exact: true }).click();
  await expect(page).toHaveURL(/\/set\/approval$/);
  await expect(tabs).toHaveCount(2);
  await look(words("target.tab_baseline"));
  await expect(options).toHaveCount(0);

  await enter(page, words, "planner");
  await page.goto("/set/baseline");
  await expect(tabs).toHaveCount(7);
  for (const [name, path] of [["outlook.tab", "outlook"], ["target.tab_scenarios", "scenarios"], ["approval.title", "approval"]] as const) {
    await look(words(name));
    await options.filter({ hasText: words(name) }).first().click();
    await expect(page).toHaveURL(new RegExp(`/set/${path}$`));
  }
});
