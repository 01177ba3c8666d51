// The split grid in the browser with a plan of 100,000 rows: what it holds in memory with all names and after a drag, what a frame
// of a drag costs in a group of 1,000 rows, in an ordinary window and in one so high that all of them are in sight, and the grid's
// rows beside plain DOM code, by turns. `cargo xtask bench split` makes the plan, starts the server and
// holds the figures against their bars.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { expect, test, type Browser, type CDPSession, type Page } from "@playwright/test";
import { install, type Plain } from "./plain.ts";

const report = process.env.ATTAIN_REPORT ?? resolve(import.meta.dirname, "../../target/end2end/report.json");
const frames = 300;
const rounds = 7;
const count = 1_000;
const rowHeight = 28;

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: cargo xtask bench split`);
  return value;
}

/** A page of somebody who is signed in, as high as wanted, and how to ask what work it did. */
async function entered(browser: Browser, height: number): Promise<{ page: Page; devtools: CDPSession }> {
  const context = await browser.newContext({
    baseURL: given("ATTAIN_BENCH_SERVER"),
    viewport: { width: 1_600, height },
    locale: "en-GB",
  });
  const page = await context.newPage();
  // The memory of the browser's program, which is not told otherwise.
  await page.addInitScript(() => {
    const kept: WebAssembly.Memory[] = [];
    Object.assign(window, { memories: kept });
    const keep = (instance: WebAssembly.Instance) => {
      for (const part of Object.values(instance.exports)) {
        if (part instanceof WebAssembly.Memory && !kept.includes(part)) kept.push(part);
      }
    };
    const [streamed, compiled] = [WebAssembly.instantiateStreaming, WebAssembly.instantiate];
    WebAssembly.instantiateStreaming = async (source, imports) => {
      const made = await streamed(source, imports);
      keep(made.instance);
      return made;
    };
    WebAssembly.instantiate = (async (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
      const made: unknown = await compiled(source as BufferSource, imports);
      keep(made instanceof WebAssembly.Instance ? made : (made as WebAssembly.WebAssemblyInstantiatedSource).instance);
      return made;
    }) as typeof WebAssembly.instantiate;
  });
  await page.goto("/sign-in");
  await page.locator("input[type=email]").fill(given("ATTAIN_BENCH_EMAIL"));
  await page.locator("input[type=password]").fill(given("ATTAIN_BENCH_PASSWORD"));
  await page.keyboard.press("Enter");
  await expect(page.locator(".bar")).toBeVisible();
  await page.goto(`/split?version=${given("ATTAIN_BENCH_VERSION")}`);
  await page.getByRole("treegrid").waitFor({ timeout: 120_000 });
  const devtools = await context.newCDPSession(page);
  await devtools.send("Performance.enable");
  return { page, devtools };
}

/** Script, style and layout of a page so far, milliseconds. */
async function worked(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send("Performance.getMetrics");
  const named = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  return (named("ScriptDuration") + named("RecalcStyleDuration") + named("LayoutDuration")) * 1_000;
}

/** Until what was done is drawn. */
const drawn = (page: Page) =>
  page.evaluate(() => new Promise<void>((done) => requestAnimationFrame(() => setTimeout(done))));

/** What an act costs until it is drawn, milliseconds of script, style and layout. */
async function cost(page: Page, devtools: CDPSession, act: () => Promise<void>): Promise<number> {
  await drawn(page);
  const before = await worked(devtools);
  await act();
  await drawn(page);
  return (await worked(devtools)) - before;
}

const teams = (page: Page) => page.locator('[role=row][aria-level="3"]');
const people = (page: Page) => page.locator('[role=row][aria-level="4"]');

/** What a page holds: the memory of the browser's program, which never shrinks, and what lives in the page's own heap. */
interface Held {
  program: number;
  heap: number;
}

async function held(page: Page, devtools: CDPSession): Promise<Held> {
  const program = await page.evaluate(() => {
    const { memories } = window as unknown as { memories: WebAssembly.Memory[] };
    return memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
  });
  expect(program, "the program's memory was seen").toBeGreaterThan(0);
  // What nobody holds any more is no memory of the grid.
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return { program, heap: usedSize };
}

/** All names are in the page, as after somebody sought among them. */
async function named(page: Page): Promise<void> {
  const seek = page.locator(".tools .seek input[type=search]");
  await seek.fill("Person 099999");
  await expect(people(page)).toHaveCount(1, { timeout: 120_000 });
  await expect(people(page).first()).toHaveAttribute("data-name", "Person 099999", { timeout: 120_000 });
  await seek.fill("");
  await expect(people(page)).not.toHaveCount(1);
}

interface Dragged {
  opened: Held;
  worked: Held;
  frames_ms: number[];
  longest_ms: number;
  in_sight: number;
}

/** A drag in a group of 1,000 rows, in a window so high. Rows far from the hand follow in the frames after: costs are those of each
 * drawn frame, as several may have been drawn between two movements. */
async function dragged(browser: Browser, height: number): Promise<Dragged> {
  const { page, devtools } = await entered(browser, height);
  const opened = await held(page, devtools);
  await teams(page).first().locator(".twisty").click();
  if (height > count * rowHeight) {
    await expect(people(page)).toHaveCount(count);
    await expect(page.locator(".grid .tr[data-node]:not([data-name])")).toHaveCount(0, { timeout: 30_000 });
  } else {
    await expect(people(page).first()).toBeVisible();
  }
  const in_sight = await people(page).count();
  const handle = people(page).first().getByRole("slider");
  await handle.scrollIntoViewIfNeeded();
  const box = await handle.boundingBox();
  if (box === null) throw new Error("there is no handle to drag");
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.evaluate(() => {
    const tasks: number[] = [];
    Object.assign(window, { tasks });
    let drawn = 0;
    const count = () => {
      drawn += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
    Object.assign(window, { frames_drawn: () => drawn });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: "longtask" });
  });
  const drawnFrames = () => page.evaluate(() => (window as unknown as { frames_drawn: () => number }).frames_drawn());
  await page.mouse.move(x, y);
  await page.mouse.down();
  const frames_ms: number[] = [];
  for (let frame = 0; frame < frames; frame += 1) {
    const to = x + 10 + 40 * (1 - Math.cos(frame / 15));
    if (height <= count * rowHeight) {
      frames_ms.push(await cost(page, devtools, () => page.mouse.move(to, y)));
      continue;
    }
    // No pause before it: the frames that follow a movement belong to the drag.
    const [before, work] = [await drawnFrames(), await worked(devtools)];
    await page.mouse.move(to, y);
    await drawn(page);
    const after = await worked(devtools);
    frames_ms.push((after - work) / Math.max(1, (await drawnFrames()) - before));
  }
  await page.keyboard.press("Escape");
  await page.mouse.up();
  const longest_ms = await page.evaluate(() => Math.max(0, ...(window as unknown as { tasks: number[] }).tasks));
  if (height <= count * rowHeight) await named(page);
  const after = await held(page, devtools);
  await page.context().close();
  return { opened, worked: after, frames_ms, longest_ms, in_sight };
}

/** The amounts that the people's rows show. */
const totals = (page: Page) =>
  people(page).locator(".amount.total").evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset.minor));

/** Until rows far from the hand have followed too: 8 in a frame. */
const followed = (page: Page) =>
  page.evaluate(
    (frames) =>
      new Promise<void>((done) => {
        const next = (left: number) => (left === 0 ? done() : requestAnimationFrame(() => next(left - 1)));
        next(frames);
      }),
    Math.ceil(count / 8) + 8,
  );

async function rows(browser: Browser): Promise<{ grid_ms: number[]; plain_ms: number[]; told: string }> {
  // So high that all rows are in sight at once.
  const { page, devtools } = await entered(browser, (count + 200) * rowHeight);
  // Nothing is below the last team, so that nothing but its people moves.
  const team = await teams(page).last().getAttribute("data-node");
  const twisty = page.locator(`[role=row][data-node="${team}"] .twisty`);
  const sort = page.locator(".th .td.total .sort");
  await twisty.click();
  await expect(people(page)).toHaveCount(count);
  // Names of rows so far down come after the rows: what is measured is rows that have theirs.
  await expect(page.locator(".grid .tr[data-node]:not([data-name])")).toHaveCount(0, { timeout: 30_000 });
  const row = await people(page).first().evaluate((element) => element.outerHTML);
  const styles = await page.locator("link[rel=stylesheet]").evaluateAll((links) =>
    Promise.all(links.map(async (link) => (await fetch((link as HTMLLinkElement).href)).text())),
  );
  await twisty.click();
  await expect(people(page)).toHaveCount(0);

  const other = await browser.newPage({ viewport: { width: 1_600, height: (count + 200) * rowHeight }, locale: "en-GB" });
  await other.setContent("<!doctype html><title>plain rows</title>");
  await other.addStyleTag({ content: styles.join("\n") });
  const tools = await other.context().newCDPSession(other);
  await tools.send("Performance.enable");
  const plain = await other.evaluateHandle(install, { row, count });
  const plainly = (act: keyof Plain) =>
    cost(other, tools, () => other.evaluate(({ plain, act }) => plain[act](), { plain, act }));

  const acts = { make: [[], []], change: [[], []], turn: [[], []], remove: [[], []] } as Record<keyof Plain, [number[], number[]]>;
  const grid_ms: number[] = [];
  const plain_ms: number[] = [];
  // The first round of each only warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const own: Record<keyof Plain, number> = { make: 0, change: 0, turn: 0, remove: 0 };
    own.make = await cost(page, devtools, () => twisty.click());
    await expect(people(page)).toHaveCount(count);
    const handle = people(page).first().getByRole("slider");
    const box = await handle.boundingBox();
    if (box === null) throw new Error("there is no handle to drag");
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    // A drag by one step changes what every sibling shows, and nothing at the server.
    const before = await totals(page);
    own.change = await cost(page, devtools, async () => {
      await page.mouse.move(box.x + 60, box.y + box.height / 2);
      await followed(page);
    });
    const now = await totals(page);
    const moved = now.filter((total, at) => total !== before[at]).length;
    expect(moved, "all rows followed before the clock was stopped").toBeGreaterThan(count * 0.9);
    await page.keyboard.press("Escape");
    await page.mouse.up();
    // The way back is part of no act.
    await followed(page);
    own.turn = await cost(page, devtools, () => sort.click());
    own.remove = await cost(page, devtools, () => twisty.click());
    await expect(people(page)).toHaveCount(0);
    // Back to the order of the tree.
    await sort.click();
    await sort.click();
    const theirs: Record<keyof Plain, number> = { make: 0, change: 0, turn: 0, remove: 0 };
    for (const act of ["make", "change", "turn", "remove"] as const) theirs[act] = await plainly(act);
    if (round === 0) continue;
    for (const act of ["make", "change", "turn", "remove"] as const) {
      acts[act][0].push(own[act]);
      acts[act][1].push(theirs[act]);
    }
    grid_ms.push(own.make + own.change + own.turn + own.remove);
    plain_ms.push(theirs.make + theirs.change + theirs.turn + theirs.remove);
  }
  const middle = (values: number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  const told = Object.entries(acts)
    .map(([act, [own, theirs]]) => `${act} ${middle(own).toFixed(0)} and plainly ${middle(theirs).toFixed(0)} ms`)
    .join(", ");
  await other.close();
  await page.context().close();
  return { grid_ms, plain_ms, told };
}

test("a hundred thousand rows in the browser", async ({ browser }) => {
  // Told as it comes: the whole takes many minutes.
  const tell = ({ frames_ms, longest_ms, in_sight, opened, worked }: Dragged) => {
    const sorted = [...frames_ms].sort((one, other) => one - other);
    const at = (part: number) => (sorted[Math.floor(part * sorted.length)] ?? NaN).toFixed(1);
    const held = ({ program, heap }: Held) => `${((program + heap) / 1e6).toFixed(1)} MB`;
    console.log(`${in_sight} rows in sight: median ${at(0.5)} ms, p95 ${at(0.95)} ms, longest task ${longest_ms} ms; ${held(opened)} open, ${held(worked)} after it`);
  };
  const drag = await dragged(browser, 900);
  tell(drag);
  const tall = await dragged(browser, (count + 200) * rowHeight);
  tell(tall);
  const measured = { opened: drag.opened, tab: drag.worked, drag, tall, rows: await rows(browser) };
  const file = join(dirname(report), "split.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(measured, null, 2));
  expect(drag.frames_ms.every((frame) => frame > 0), "frames were measured").toBe(true);
  expect(tall.frames_ms.every((frame) => frame > 0), "frames were measured").toBe(true);
  expect(tall.in_sight, "all rows of the group were in sight").toBe(count);
});
