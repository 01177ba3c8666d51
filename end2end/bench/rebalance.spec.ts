// The drag natively and in the browser, by turns: how long a rebalance takes, and that both decide the same. `cargo xtask
// bench rebalance` compiles the two and holds the figures against their bars.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "@playwright/test";

const report = process.env.ATTAIN_REPORT ?? resolve(import.meta.dirname, "../../target/end2end/report.json");
const rounds = 9;
// Of one message to the page.
const some = 5_000;

type Drag = { solve(): number; solved(): bigint; check(from: number, until: number): number; checked(): bigint };
type Solved = { us: number; hash: string };
type Checked = { trees: number; done: number; refused: number; failures: number; first: string | null; hash: string };

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: cargo xtask bench rebalance`);
  return value;
}

async function native<T>(...options: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(given("ATTAIN_BENCH_PROGRAM"), options);
  return JSON.parse(stdout) as T;
}

test("the drag natively and in the browser", async ({ page }) => {
  const trees = Number(given("ATTAIN_BENCH_TREES"));
  const module = (await readFile(given("ATTAIN_BENCH_MODULE"))).toString("base64");
  await page.goto("about:blank");
  const drag = await page.evaluateHandle(async (module) => {
    const bytes = Uint8Array.from(atob(module), (letter) => letter.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes);
    return instance.exports as unknown as Drag;
  }, module);
  const solve = () =>
    page.evaluate((drag) => {
      const times = Array.from({ length: 31 }, () => {
        const start = performance.now();
        drag.solve();
        return (performance.now() - start) * 1_000;
      }).sort((a, b) => a - b);
      return times[15] ?? NaN;
    }, drag);

  // Until the engine's optimising compiler is done.
  await solve();
  await solve();
  const times = { native: [] as number[], wasm: [] as number[] };
  let decided = "";
  for (let round = 0; round < rounds; round += 1) {
    const { us, hash } = await native<Solved>("solve");
    decided = hash;
    times.native.push(us);
    times.wasm.push(await solve());
  }
  const solved = await page.evaluate((drag) => BigInt.asUintN(64, drag.solved()).toString(), drag);

  const there = native<Checked>("trees", String(trees));
  let failures = 0;
  for (let from = 0; from < trees; from += some) {
    const range = { from, until: Math.min(from + some, trees) };
    failures = await page.evaluate(({ drag, from, until }) => drag.check(from, until), { drag, ...range });
  }
  const checked = await page.evaluate((drag) => BigInt.asUintN(64, drag.checked()).toString(), drag);

  const measured = {
    native: { us: times.native, hash: decided },
    wasm: { us: times.wasm, hash: solved },
    trees: { native: await there, wasm: { failures, hash: checked } },
  };
  const file = join(dirname(report), "rebalance.json");
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(measured, null, 2));
  expect(times.wasm.every((time) => time > 0), "times were taken").toBe(true);
});
