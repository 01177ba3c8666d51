// The empty house: a page that comes from the server, in the language asked for, and is taken over without a murmur.
import { expect, test } from "../fixtures/attain.ts";

test("the first page comes up and every answer names its build @matrix", async ({ page, language, words, picture }) => {
  const answer = await page.goto("/");
  expect(answer?.headers()["x-attain-build"]).toBeTruthy();
  await expect(page.locator("html")).toHaveAttribute("lang", language);
  await expect(page).toHaveTitle(new RegExp(words("frame.brand")));
  await picture(page, "first");
});

test("an address that is not there says so", async ({ page, words, watch }) => {
  watch.expect(/status of 404/);
  const answer = await page.goto("/nowhere");
  expect(answer?.status()).toBe(404);
  await expect(page.getByText(words("frame.not_found"))).toBeVisible();
});
