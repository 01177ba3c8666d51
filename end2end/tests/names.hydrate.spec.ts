// Names come page by page: a company larger than a page shows the right ones where one scrolls to, finds one far away, and copies
// them as they are.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures/attain.ts";
import type { Server } from "../fixtures/server.ts";
import { setUp } from "../pages/door.ts";
import { SplitGrid } from "../pages/split.ts";

const today = "2026-01-05";
const teams = 5;
const people = 1_000;
const names = "**/api/app/split/names";

test.use({ serving: { today } });

const person = (number: number) => `Person ${String(number).padStart(6, "0")}`;
const last = person(teams * people - 1);
const lastTeam = `Team ${teams - 1}`;
const day = (date: string) => Date.parse(date) / 86_400_000;

/** A company of five teams of a thousand, and a plan of a quarter; gives the plan's version. */
async function plan(page: Page, server: Server): Promise<string> {
  const units = ["name,code,level,parent", "North,N,region,"];
  const members = ["name,employee id,unit"];
  for (let team = 0; team < teams; team += 1) {
    units.push(`Team ${team},T${team},team,N`);
    for (let of = 0; of < people; of += 1) {
      const number = team * people + of;
      members.push(`${person(number)},P${number},T${team}`);
    }
  }
  for (const [kind, rows] of [["units", units], ["members", members]] as const) {
    const file = join(server.folder, `${kind}.csv`);
    await writeFile(file, rows.join("\n"));
    await server.command(["import", "--kind", kind, file]);
  }
  const answer = await page.request.post("/api/app/target/create", {
    headers: { accept: "application/json", origin: server.url },
    data: {
      plan: {
        metric: "bookings",
        from: day("2026-01-01"),
        to: day("2026-04-01"),
        period_kind: "month",
        total: 480_000_000_000,
        name: null,
      },
    },
  });
  expect(answer.status(), await answer.text()).toBe(200);
  return ((await answer.json()) as { version: string }).version;
}

const copy = (page: Page) =>
  page.evaluate(() => {
    const clipboardData = new DataTransfer();
    document.activeElement?.dispatchEvent(new ClipboardEvent("copy", { clipboardData, bubbles: true, cancelable: true }));
    return clipboardData.getData("text/plain");
  });

test("names of a large company come when they are looked at", async ({ page, server, words, watch }) => {
  test.setTimeout(240_000);
  // The last step breaks requests off.
  watch.expect(/net::ERR_FAILED/);
  await setUp(page, server, words);
  const version = await plan(page, server);
  const grid = page.getByRole("treegrid");
  const rows = page.locator(".grid .tr[data-node]");
  const split = new SplitGrid(page);
  const open = async () => {
    await page.goto(`/split?version=${version}`);
    await grid.waitFor({ timeout: 30_000 });
  };
  const toEnd = () => grid.evaluate((element) => (element.scrollTop = element.scrollHeight));
  const asked: unknown[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/split/names")) asked.push(request.postDataJSON());
  });

  /** Names wait until what is given back is called. */
  const hold = async () => {
    let release = () => {};
    const held = new Promise<void>((done) => (release = done));
    await page.route(names, async (route) => {
      await held;
      await route.continue();
    });
    return () => release();
  };

  await test.step("a row shows no name until it has come, and then the right one", async () => {
    const release = await hold();
    await open();
    await split.unfold(lastTeam);
    await toEnd();
    await expect(page.locator(".grid .tr[data-node] .td.name", { hasText: "…" }).first()).toBeVisible();
    await expect(split.row(last)).toHaveCount(0);
    release();
    await expect(split.row(last)).toBeVisible();
    expect(asked).toEqual([{ version, top: 0, pages: [1] }]);
    await page.unroute(names);
    const seen = await rows.evaluateAll((rows) =>
      rows
        .filter((row) => row.getAttribute("aria-level") === "4")
        .map((row) => [Number(row.getAttribute("aria-rowindex")), Number(row.getAttribute("data-name")?.replace("Person ", ""))]),
    );
    expect(seen.length).toBeGreaterThan(10);
    const shifts = new Set(seen.map(([at, number]) => (number ?? 0) - (at ?? 0)));
    expect(shifts.size, "names in the order of the rows").toBe(1);
  });

  await test.step("a name that is far away is found", async () => {
    await open();
    await page.locator(".tools input[type=search]").fill(last);
    await expect(split.row(last)).toBeVisible();
    await expect(rows).toHaveCount(4);
    await expect(page.locator("[data-part=names]")).toHaveCount(0);
  });

  await test.step("what is copied has its name", async () => {
    await open();
    await split.unfold(lastTeam);
    await toEnd();
    await split.row(last).locator(".td.name").click();
    await page.keyboard.press("Shift+ArrowUp");
    const lines = (await copy(page)).trimEnd().split("\n");
    expect(lines.map((line) => line.split("\t")[0])).toEqual([person(teams * people - 2), last]);
  });

  await test.step("what is typed into a row stays there when its name comes", async () => {
    const release = await hold();
    await open();
    await split.unfold(lastTeam);
    await toEnd();
    const total = page.locator('.grid .tr[aria-level="4"]').last().locator(".amount.total");
    await total.dblclick();
    const field = total.locator("input");
    await expect(field).toBeFocused();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("12");
    release();
    await expect(split.row(person(teams * people - 2))).toBeVisible();
    await page.keyboard.type("34");
    await expect(field).toHaveValue("1234");
    await expect(split.row(last)).toHaveCount(0);
    await page.keyboard.press("Escape");
    await expect(split.row(last).locator(".amount.total")).toBeFocused();
    await page.unroute(names);
  });

  await test.step("names that do not come are told of, and asked for again", async () => {
    await open();
    await split.unfold(lastTeam);
    await page.route(names, (route) => route.abort());
    await toEnd();
    const told = page.locator("[data-part=names]");
    await expect(told).toContainText(words("split.names_failed"));
    await page.unroute(names);
    await told.getByRole("button", { name: words("ui.retry") }).click();
    await expect(split.row(last)).toBeVisible();
    await expect(told).toHaveCount(0);
  });
});

test("a grid that breaks off on its way says so and is fetched again", async ({ page, server, words }) => {
  test.setTimeout(240_000);
  await setUp(page, server, words);
  const version = await plan(page, server);
  const open = "**/api/app/split/open";
  await page.route(open, async (route) => {
    const answer = await route.fetch();
    const body = await answer.body();
    const half = body.subarray(0, Math.floor(body.length / 2));
    await route.fulfill({ status: 200, contentType: "application/octet-stream", body: half });
  });
  await page.goto(`/split?version=${version}`);
  const again = page.getByRole("button", { name: words("ui.retry") });
  await expect(again).toBeVisible();
  await expect(page.getByRole("treegrid"), "nothing half is open").toHaveCount(0);
  await page.unroute(open);
  await again.click();
  await expect(page.getByRole("treegrid")).toBeVisible({ timeout: 30_000 });
});
