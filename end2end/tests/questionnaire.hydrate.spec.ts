// Questionnaires: written and sent, given another due date; whoever is asked finds it in the navigation and answers it.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "../fixtures/attain.ts";
import { forget, owner, setUp, signIn, type Person } from "../pages/door.ts";

const rep: Person = { name: "李静", email: "lijing@example.com", password: "a rainy day in may 7" };

/** The day in so many days, as a date field takes it. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

test("whoever is asked finds it, and the due date can move @matrix", async ({ page, server, words, picture }) => {
  test.setTimeout(120_000);
  await setUp(page, server, words);
  const people = join(server.folder, "people.csv");
  await writeFile(people, "姓名,工号,部门\n李静,E1,华东\n周敏,E2,华东\n");
  await server.command(["import", people]);
  await server.command(
    ["user", "create", "--email", rep.email, "--name", rep.name, "--role", "rep", "--password-stdin"],
    `${rep.password}\n`,
  );
  const way = page.locator('nav a[href="/questionnaire"]:visible');

  await test.step("nothing is asked yet, and no place says so", async () => {
    await forget(page);
    await signIn(page, words, rep);
    await expect(page.locator("#main")).toBeVisible();
    await expect(way).toHaveCount(0);
    await page.goto("/questionnaire");
    await expect(page.getByText(words("questionnaire.own_none"))).toBeVisible();
  });

  await test.step("the planner writes and sends it, and moves its due date", async () => {
    await forget(page);
    await signIn(page, words, owner);
    await expect(page).not.toHaveURL(/sign-in/);
    await page.goto("/set/questionnaires?edit=new");
    await page.getByLabel(words("frame.role_rep"), { exact: true }).check();
    await page.getByRole("button", { name: words("questionnaire.save_draft"), exact: true }).click();
    await expect(page.getByText(words("questionnaire.reaches", { count: 1 }))).toBeVisible();
    await page.getByRole("button", { name: words("questionnaire.send"), exact: true }).click();
    await page.getByRole("button", { name: words("questionnaire.send_sure"), exact: true }).click();
    await expect(page.getByText(words("questionnaire.answered_count", { answered: 0, count: 1 }))).toBeVisible();
    const extend = page.locator("details.extend");
    await extend.locator("> summary").click();
    await picture(page, "questionnaire-1-extend");
    await extend.locator('input[name="new-due"]').fill(inDays(20));
    await extend.getByRole("button", { name: words("questionnaire.set_due"), exact: true }).click();
    await expect(page.getByText(words("questionnaire.due_set"))).toBeVisible();
  });

  await test.step("whoever is asked finds it where they go", async () => {
    await forget(page);
    await signIn(page, words, rep);
    await expect(way).toHaveCount(1);
    await way.click();
    await expect(page.locator(".own-asked li")).toHaveCount(1);
    await picture(page, "questionnaire-2-own");
    await page.locator(".own-asked a").click();
    await expect(page).toHaveURL(/\/questionnaire\/[0-9a-f-]+$/);
    await expect(way).toHaveAttribute("aria-current", "page");
  });

  await test.step("nobody is reminded when everybody has answered", async () => {
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    const asked = page.locator(`[data-questionnaire="${id}"]`);
    for (const field of await asked.locator("textarea[name^=answers]").all()) await field.fill("客户推迟了采购");
    await asked.locator("input[inputmode=decimal]").last().fill("1,250,000");
    await asked.locator("textarea[name^=reasons]").last().fill("两个大单在谈");
    await asked.getByRole("button", { name: words("questionnaire.save"), exact: true }).click();
    await expect(asked.locator("header .tag").first()).toHaveText(words("questionnaire.answered"));
    await forget(page);
    await signIn(page, words, owner);
    await expect(page).not.toHaveURL(/sign-in/);
    await page.goto(`/set/questionnaires?open=${id}`);
    await expect(page.locator("[data-figure=all-answered]")).toBeVisible();
    await expect(page.getByRole("button", { name: words("questionnaire.remind_now"), exact: true })).toHaveCount(0);
  });
});
