// Who leads two units that do not lie within each other sees one of them at a time, and chooses which; a reload and a link keep it.
import { expect, test } from "../fixtures/attain.ts";
import { enter } from "../pages/company.ts";

test.use({ serving: { demo: true } });

/** Who signs in as the sample company's manager, and leads a unit there already. */
const leader = "陈嘉明";

test("a leader of two units chooses which of them is open", async ({ page, words, picture }) => {
  test.setTimeout(120_000);
  const dialog = page.locator("dialog[open]");
  const added = "海外新区";

  await test.step("the leader gets a second unit beside the first, with somebody in it", async () => {
    await enter(page, words, "owner");
    await page.goto("/admin/people?tab=units");
    await page.getByRole("button", { name: words("people.new_unit") }).click();
    await dialog.locator("input[name=name]").fill(added);
    await dialog.locator("select[name=parent]").selectOption({ label: "云杉仪器" });
    await dialog.locator("select[name=lead]").selectOption({ label: leader });
    await dialog.getByRole("button", { name: words("people.save"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
    await page.goto("/admin/people?tab=members");
    await page.getByRole("button", { name: words("people.new_member") }).click();
    await dialog.locator("input[name=name]").fill("欧阳远");
    await dialog.locator("select[name=unit]").selectOption({ label: added });
    await dialog.getByRole("button", { name: words("people.save"), exact: true }).click();
    await expect(dialog).toHaveCount(0);
  });

  let version = "";
  await test.step("a plan of a year with both of them is published", async () => {
    await enter(page, words, "planner");
    await page.goto("/set/target");
    const period = page.locator("select[name=period]");
    const names = await period.locator("option").evaluateAll((options) => options.map((option) => (option as HTMLOptionElement).value));
    await period.selectOption(names.filter((name) => /^\d{4}$/.test(name)).sort().at(-1) ?? "");
    await page.getByLabel(words("target.total"), { exact: true }).fill("12,000,000");
    await page.getByRole("button", { name: words("target.create") }).click();
    await expect(page).toHaveURL(/\/split\?version=/);
    version = new URL(page.url()).searchParams.get("version") ?? "";
    await expect(page.locator("select[name=part]"), "who sees everything has nothing to choose").toHaveCount(0);
    await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
    await dialog.getByRole("button", { name: words("split.publish_yes", { number: 1 }) }).click();
    await expect(page.getByText(words("split.published", { number: 1 })).first()).toBeVisible({ timeout: 30_000 });
  });

  const part = page.locator("select[name=part]");
  const top = page.locator(".grid .tr[data-node]").first();
  await test.step("one of them is open, and the other is chosen", async () => {
    await enter(page, words, "manager");
    await page.goto(`/split?version=${version}`);
    await expect(part.locator("option")).toHaveCount(2);
    const offered = await part.locator("option").allTextContents();
    expect(offered).toContain(added);
    const first = (await top.getAttribute("data-name")) ?? "";
    expect(offered).toContain(first);
    const other = offered.find((name) => name !== first) ?? "";
    await part.selectOption({ label: other });
    await expect(page).toHaveURL(/[?&]part=/);
    await expect(top).toHaveAttribute("data-name", other);
    await expect(page.locator(`.grid .tr[data-name="${first}"]`), "the other one is not beside it").toHaveCount(0);
    await picture(page, "parts-1-chosen");
  });

  await test.step("a reload and a link keep it", async () => {
    const chosen = (await top.getAttribute("data-name")) ?? "";
    const value = await part.inputValue();
    await page.reload();
    await expect(top).toHaveAttribute("data-name", chosen);
    await expect(part).toHaveValue(value);
    const link = await page.context().newPage();
    await link.goto(page.url());
    await expect(link.locator(".grid .tr[data-node]").first()).toHaveAttribute("data-name", chosen);
    await expect(link.locator("select[name=part]")).toHaveValue(value);
    await link.close();
  });
});
