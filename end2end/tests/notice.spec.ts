// Notices: a number is published, its carrier is told at once, opens the bell, confirms, and the notice is read; with
// JavaScript and without.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../fixtures/attain.ts";
import { forget, setUp, signIn, type Person } from "../pages/door.ts";

const rep: Person = { name: "李静", email: "lijing@example.com", password: "a rainy day in may 7" };

test("a carrier is told of a published number, opens the bell and confirms @matrix", async ({ page, server, words, javaScriptEnabled, picture }) => {
  const scripted = javaScriptEnabled !== false;
  await setUp(page, server, words);
  const people = join(server.folder, "people.csv");
  const targets = join(server.folder, "targets.csv");
  await writeFile(people, "姓名,工号,部门\n李静,E1,华东\n周敏,E2,华东\n");
  await writeFile(targets, "工号,周期,目标\nE1,2018-01,12000\nE2,2018-01,15000\n");
  await server.command(["import", people]);
  await server.command(
    ["user", "create", "--email", rep.email, "--name", rep.name, "--role", "rep", "--password-stdin"],
    `${rep.password}\n`,
  );
  await forget(page);
  await signIn(page, words, rep);
  await expect(page).not.toHaveURL(/sign-in/);

  const bell = page.locator(".bell");
  const list = page.locator(".told-page");
  await test.step("there is nothing yet", async () => {
    await page.goto("/notices");
    await expect(bell).toHaveAttribute("aria-label", words("notice.bell_none"));
    await expect(list.getByText(words("notice.none_title"))).toBeVisible();
    await expect(list.locator("[data-mail=NotSent]")).toBeVisible();
    await picture(page, "notice-1-none");
  });

  await test.step("a number is published", async () => {
    await server.command(["import", targets]);
    if (!scripted) await page.reload();
    await expect(bell).toHaveAttribute("aria-label", words("notice.bell", { count: 1 }));
    await expect(list.locator("li.unread")).toHaveCount(1);
    await picture(page, "notice-2-told");
  });

  await test.step("it leads to the number", async () => {
    if (scripted) {
      await bell.click();
      const panel = page.locator(".told-panel");
      await expect(panel.locator("li.unread")).toHaveCount(1);
      await picture(page, "notice-3-panel");
      await panel.locator("li a").click();
      await expect(panel).toBeHidden();
    } else {
      await list.getByRole("button", { name: words("notice.read"), exact: true }).click();
      await expect(list.locator("li.unread")).toHaveCount(0);
      await list.locator("li a").click();
    }
    await expect(page).toHaveURL(/\/my-target$/);
  });

  await test.step("confirmed and read", async () => {
    await page.getByRole("button", { name: words("my_target.confirm"), exact: true }).click();
    await expect(page.getByText(words("my_target.confirmed"), { exact: true })).toBeVisible();
    await expect(bell).toHaveAttribute("aria-label", words("notice.bell_none"));
    await page.goto("/notices");
    await expect(list.locator("li")).toHaveCount(1);
    await expect(list.locator("li.unread")).toHaveCount(0);
    await picture(page, "notice-4-read");
  });
});
