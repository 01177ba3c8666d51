// A planner asks those who will carry the number; a rep answers on the phone; the sum stands beside the target.
import { expect, test } from "../fixtures/attain.ts";
import { enter, newDraft } from "../pages/company.ts";

test.use({ serving: { demo: true } });

test("a questionnaire is sent, answered on a phone and summed up @matrix", async ({ page, phone, words, picture }) => {
  test.setTimeout(120_000);
  await enter(page, words, "planner");
  const version = await newDraft(page, words);
  const reason = "两个大单在谈";
  let id = "";

  await test.step("the ready questions go to all reps", async () => {
    await page.goto(`/set/questionnaires?version=${version}&edit=new`);
    await expect(page.locator("input[name=title]")).not.toHaveValue("");
    await page.locator("summary", { hasText: words("questionnaire.by_role") }).click({ timeout: 2_000 }).catch(() => undefined);
    await page.getByLabel(words("frame.role_rep"), { exact: true }).check();
    await picture(page, "bottom-up-1-draft");
    await page.getByRole("button", { name: words("questionnaire.save_draft"), exact: true }).click();
    await expect(page).toHaveURL(/open=/);
    id = new URL(page.url()).searchParams.get("open") ?? "";
    await page.getByRole("button", { name: words("questionnaire.send"), exact: true }).click();
    await page.getByRole("button", { name: words("questionnaire.send_sure"), exact: true }).click();
    await expect(page.getByText(words("questionnaire.sent"), { exact: true }).first()).toBeVisible();
  });

  await test.step("a rep answers on the phone", async () => {
    const screen = await phone();
    await enter(screen, words, "rep");
    await screen.goto(`/questionnaire/${id}`);
    const asked = screen.locator(`[data-questionnaire="${id}"]`);
    await expect(asked).toBeVisible();
    for (const field of await asked.locator("textarea[name^=answers]").all()) await field.fill("客户推迟了采购");
    // The amount alone takes its time on the way: what is said after it stays all the same.
    await screen.route("**/api/app/questionnaire/reply", async (route) => {
      const sent = route.request().postData() ?? "";
      if (sent.includes("1,250,000") && !sent.includes(reason)) await new Promise((done) => setTimeout(done, 1_000));
      await route.continue();
    });
    const money = asked.locator("input[inputmode=decimal]");
    const why = asked.locator("textarea[name^=reasons]");
    await money.last().fill("1,250,000");
    await why.last().fill(reason);
    const kept = screen.waitForResponse((response) => response.url().endsWith("/api/app/questionnaire/reply-all"));
    await asked.getByRole("button", { name: words("questionnaire.save"), exact: true }).click();
    expect((await kept).status(), "the whole form is kept").toBeLessThan(400);
    // As the server has it, not as it was typed.
    await screen.goto(`/questionnaire/${id}`);
    await expect(money.last()).toHaveValue(/^1,250,000(\.00)?$/);
    await expect(why.last()).toHaveValue(reason);
    await expect(asked.locator("header .tag").first()).toBeVisible();
    await picture(screen, "bottom-up-2-answered");
    await screen.context().close();
  });

  await test.step("the answers are summed and quoted", async () => {
    await page.goto(`/set/questionnaires?version=${version}&open=${id}`);
    const proposed = page.locator("[data-card=bottom-up] [data-figure=proposed]");
    await expect(proposed).toHaveAttribute("data-minor", "125000000");
    await expect(page.getByText(reason).first()).toBeVisible();
    await picture(page, "bottom-up-3-results");
    await page.goto(`/set/target?version=${version}`);
    await expect(page.locator("[data-figure=target]")).toBeVisible();
    await expect(proposed).toHaveAttribute("data-minor", "125000000");
    await expect(page.locator("[data-card=bottom-up]").getByText(reason)).toBeVisible();
    await picture(page, "bottom-up-4-target");
  });
});
