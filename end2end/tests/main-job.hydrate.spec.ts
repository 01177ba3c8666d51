// The main job, from an empty database: import the four files, see the history, set a target, split it by dragging, publish,
// confirm on a phone, and watch the open dashboard move as more opportunities arrive.
import { expect, test } from "../fixtures/attain.ts";
import { mavenFiles, rowsOf } from "../fixtures/maven.ts";
import { setUp, signIn, type Person } from "../pages/door.ts";
import { SplitGrid } from "../pages/split.ts";

const offices = ["Central", "East", "West"];
const agent: Person = { name: "Anna Snelling", email: "anna@example.com", password: "a rainy day in may 7" };

test("from an export to a published, confirmed and tracked target @matrix", async ({ page, server, phone, words, picture }) => {
  const files = mavenFiles();
  test.setTimeout(180_000);

  await test.step("import the four files", async () => {
    await setUp(page, server, words, "import");
    await page.locator("input[type=file]").setInputFiles(files);
    const outcome = page.locator(".import-outcome");
    await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
    await expect(outcome).toHaveAttribute("data-dry", "true");
    await picture(page, "1-dry-run");
    await outcome.locator("button.primary").click();
    await expect(outcome).toHaveAttribute("data-dry", "false", { timeout: 60_000 });
    await expect(outcome).toHaveAttribute("data-status", "done", { timeout: 60_000 });
    await expect(outcome.locator("[data-count=read] dd")).toHaveText(rowsOf(files).toLocaleString("en"));
    await expect(outcome.locator("[data-count=rejected] dd")).toHaveText("0");
    await picture(page, "2-imported");
  });

  await test.step("set the business date", async () => {
    const day = page.locator("input[name=day]");
    await page.getByRole("banner").locator("summary, button", { hasText: /\d/ }).first().click();
    await day.fill("2018-02-15");
    await page.getByRole("button", { name: words("frame.business_date_set") }).click();
    await expect(page.getByText(words("frame.set_day"), { exact: true }).first()).toBeVisible();
  });

  await test.step("see the history", async () => {
    await page.goto("/set/baseline");
    await expect(page.locator("canvas").first()).toBeVisible();
    await picture(page, "3-baseline");
  });

  await test.step("look ahead, and say what the market will do", async () => {
    await page.goto("/set/outlook");
    await expect(page.locator("[data-card=fan] canvas")).toBeVisible();
    await page.getByRole("button", { name: words("outlook.add"), exact: true }).click();
    await page.locator("input[name=factor-name]").fill("GTX 3.0");
    // On one product: only its share of what is expected moves.
    await page.getByRole("button", { name: words("outlook.of_product"), exact: true }).click();
    await page.locator("select[name=factor-of]").selectOption({ label: "GTX Plus Pro" });
    await page.locator("input[name=factor-effect]").fill("5");
    await page.locator("input[name=factor-weight]").fill("60");
    await page.locator("input[name=factor-source]").fill("Fair 2017");
    await page.getByRole("button", { name: words("outlook.save"), exact: true }).click();
    const step = (name: string) => page.locator(`tr[data-step=${name}]`);
    await expect(step("factor")).toHaveCount(1);
    await expect(step("factor").locator("[data-share]")).toBeVisible();
    const amount = async (name: string) => Number(await step(name).getAttribute("data-minor"));
    expect((await amount("before")) + (await amount("factor"))).toBe(await amount("after"));
    expect(await amount("factor")).toBeGreaterThan(0);
    await picture(page, "3-outlook");
  });

  const grid = new SplitGrid(page);
  const target = 400_000_000;
  await test.step("set a target for 2018-Q1", async () => {
    await page.goto("/set/target");
    await page.locator("select[name=period]").selectOption("2018-Q1");
    await page.getByLabel(words("target.total"), { exact: true }).fill("4,000,000");
    await picture(page, "4-target");
    await page.getByRole("button", { name: words("target.create") }).click();
    await expect(page).toHaveURL(/\/split\?version=/);
  });

  await test.step("see how likely it is, and what the check says", async () => {
    const split = page.url();
    await page.goto(split.replace("/split?", "/set/target?"));
    await expect(page.locator("[data-figure=target]")).toHaveAttribute("data-minor", String(target));
    await expect(page.locator("[data-figure=chance]").first()).toContainText("%");
    await expect(page.locator("[data-letter]")).toHaveCount(5);
    await picture(page, "4-defended");
    // What was assumed before there was a plan belongs to it now.
    await page.goto(split.replace("/split?", "/set/outlook?"));
    await expect(page.locator("tr[data-step=factor]")).toHaveCount(1);
    await page.goto(split);
  });

  await test.step("split it by dragging, office, manager, agent", async () => {
    await expect(grid.row("Central")).toBeVisible();
    expect(await grid.sum(offices)).toBe(target);
    for (const name of ["Central", "Dustin Brinkmann", agent.name]) {
      if (name !== "Central") await grid.unfold(name === agent.name ? "Dustin Brinkmann" : "Central");
      const before = await grid.amount(name);
      await grid.drag(name, 12);
      await expect.poll(() => grid.amount(name)).toBeGreaterThan(before);
    }
    expect(await grid.sum(offices)).toBe(target);
    await expect(page.getByText(words("split.saved"), { exact: true })).toBeVisible();
    await picture(page, "5-split");
  });

  const promised = await grid.amount(agent.name);
  await test.step("publish", async () => {
    await page.getByRole("button", { name: words("split.publish"), exact: true }).click();
    await page.getByRole("button", { name: words("split.publish_yes", { number: 1 }) }).click();
    await expect(page.getByText(words("split.published", { number: 1 })).first()).toBeVisible();
    await picture(page, "6-published");
  });

  await test.step("the agent confirms on a phone", async () => {
    await server.command(
      ["user", "create", "--email", agent.email, "--name", agent.name, "--role", "rep", "--password-stdin"],
      `${agent.password}\n`,
    );
    const screen = await phone();
    await signIn(screen, words, agent);
    await expect(screen).toHaveURL(/\/my-target/);
    await expect(screen.locator(".my-target")).toHaveAttribute("data-minor", String(promised));
    await picture(screen, "7-my-target");
    await screen.getByRole("button", { name: words("my_target.confirm"), exact: true }).click();
    await expect(screen.getByText(words("my_target.confirmed"), { exact: true })).toBeVisible();
    await picture(screen, "8-confirmed");
    await screen.context().close();
  });

  await test.step("more opportunities move the open dashboard", async () => {
    await page.goto("/track?period=2018-Q1");
    const actual = page.locator("[data-figure=actual]");
    await expect(actual).toHaveAttribute("data-minor", "0");
    await page.evaluate(() => Object.assign(globalThis, { neverReloaded: true }));
    const token = (await server.command(["token", "create", "--email", "owner@example.com", "--name", "crm"])).trim().split("\n").at(-1);
    const form = new FormData();
    const rows = [
      "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value",
      `NEW00001,${agent.name},GTX Pro,Cancity,Won,2018-01-10,2018-02-01,4821`,
      `NEW00002,Darcel Schlecht,GTX Basic,Isdom,Won,2018-01-12,2018-02-14,550`,
    ];
    form.append("kind", "opportunities");
    form.append("file", new Blob([rows.join("\n")], { type: "text/csv" }), "more.csv");
    const answer = await fetch(`${server.url}/api/v1/imports`, { method: "POST", headers: { authorization: `Bearer ${token}` }, body: form });
    expect(answer.status, await answer.clone().text()).toBe(202);
    await expect(actual).toHaveAttribute("data-minor", "537100", { timeout: 30_000 });
    await expect(page.locator("[data-figure=pace]")).toContainText("%");
    expect(await page.evaluate(() => "neverReloaded" in globalThis), "the page was not loaded again").toBe(true);
    await picture(page, "9-track");
  });
});
