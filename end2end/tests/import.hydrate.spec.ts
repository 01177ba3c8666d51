// A dry run: its columns, of which a field takes one only; cells put right, which are checked before they are written.
import { expect, test } from "../fixtures/attain.ts";
import { mavenFiles } from "../fixtures/maven.ts";
import { setUp } from "../pages/door.ts";

test("a field takes one column, and says which one lost it", async ({ page, server, words, picture }) => {
  await setUp(page, server, words, "import");
  const teams = mavenFiles().find((file) => file.endsWith("sales_teams.csv"));
  await page.locator("input[type=file]").setInputFiles(teams ?? "");
  await expect(page.locator(".import-outcome")).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  const columns = page.locator(".import-table th");
  const [agent, manager] = [columns.filter({ hasText: "sales_agent" }), columns.filter({ hasText: "manager" })];
  await expect(agent.locator("select")).toHaveValue("name");
  await manager.locator("select").selectOption("name");
  await expect(page.getByText(words("import.one_column")).first()).toBeVisible();
  await expect(agent.locator("select")).toHaveValue("");
  await expect(manager.locator("select")).toHaveValue("name");
  await picture(page, "one-column");
});

test("what is put right is checked before it is written, and can be taken back whole", async ({ page, server, words, picture }) => {
  await setUp(page, server, words, "import");
  const people = "name,manager,office\nAnna Snelling,Dustin Brinkmann,Central\n";
  const deals =
    "opportunity_id,sales_agent,deal_stage,close_date,close_value\n" +
    "A1,Anna Snelling,Won,2017-03-01,1000\n" +
    "A2,Ana Snelling,Won,2017-03-02,500\n" +
    "A3,Anna Snelling,Won,2017-02-30,200\n";
  const file = (name: string, text: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.locator("input[type=file]").setInputFiles([file("people.csv", people), file("deals.csv", deals)]);
  const outcome = page.locator(".import-outcome");
  await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  await expect(outcome.locator("[data-count=created] dd")).toHaveText("2");
  const commit = outcome.locator("button.primary");
  await expect(commit).toContainText("2");

  const wrongDay = outcome.locator(".problem").filter({ hasText: "2017-02-30" });
  const proposal = wrongDay.locator("button.s").first();
  await proposal.click();
  await expect(wrongDay).toHaveClass(/mended/);
  await expect(wrongDay.locator(".tag")).toContainText("2017-02-28");
  await expect(wrongDay.locator("input")).toHaveValue("2017-02-28");
  await expect(commit).toHaveText(words("import.check_changes"));
  const wrongName = outcome.locator(".problem").filter({ hasText: "Ana Snelling" });
  await wrongName.locator("button.s").first().click();
  await expect(wrongName.locator(".tag")).toContainText("Anna Snelling");
  await picture(page, "put-right");

  await commit.click();
  await expect(outcome.locator("[data-count=created] dd")).toHaveText("4", { timeout: 30_000 });
  await expect(outcome.locator(".problem")).toHaveCount(0);
  await page.reload();
  await expect(commit).toContainText("4");
  await commit.click();
  await expect(outcome).toHaveAttribute("data-dry", "false", { timeout: 60_000 });
  await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  await expect(outcome.locator("[data-count=created] dd")).toHaveText("4");

  await page.getByRole("button", { name: words("import.undo") }).click();
  await expect(outcome.locator("[data-undo=done]")).toContainText("4");
  await expect(outcome.locator("[data-count]")).toHaveCount(0);
  await picture(page, "taken-back");
});
