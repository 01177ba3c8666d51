// A plan as a workbook: dropped among imports it leads to the page that takes it back, with the file that was dropped.
import { expect, test } from "../fixtures/attain.ts";
import { mavenFiles } from "../fixtures/maven.ts";
import { setUp } from "../pages/door.ts";

test.use({ serving: { today: "2018-02-15" } });

test("an exported plan dropped among imports leads to its differences", async ({ page, server, words, picture }) => {
  await setUp(page, server, words, "import");
  await page.locator("input[type=file]").setInputFiles(mavenFiles());
  const outcome = page.locator(".import-outcome");
  await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
  await outcome.locator("button.primary").click();
  await expect(outcome).toHaveAttribute("data-dry", "false", { timeout: 60_000 });
  await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });

  await page.goto("/set/target");
  await page.locator("select[name=period]").selectOption("2018-Q1");
  await page.getByLabel(words("target.total"), { exact: true }).fill("4,000,000");
  await page.getByRole("button", { name: words("target.create") }).click();
  await expect(page).toHaveURL(/\/split\?version=/);
  const version = new URL(page.url()).searchParams.get("version") ?? "";
  const answer = await page.request.get(`/api/v1/versions/${version}/export.xlsx`);
  expect(answer.status()).toBe(200);
  const mimeType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

  await page.goto("/data/import");
  await page.locator("input[type=file]").setInputFiles({ name: "计划 Q1.xlsx", mimeType, buffer: await answer.body() });
  await expect(outcome).toHaveAttribute("data-status", "failed", { timeout: 60_000 });
  await picture(page, "recognised");
  await page.getByRole("link", { name: words("import.to_workbook") }).click();
  await expect(page).toHaveURL(new RegExp(`/split/workbook\\?version=${version}`));
  await expect(page.locator("section[data-changes='0']")).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(words("workbook.none"))).toBeVisible();
  await picture(page, "no-differences");
});
