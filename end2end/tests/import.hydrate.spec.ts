// The columns of a dry run: which field each is, and that a field takes one column only.
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
