// All specs run in Chinese on a desktop; what carries @matrix (the main job) runs so that each pair of language, size and theme is
// met, with ATTAIN_MATRIX=all in each language × size × theme. One flow of each further area carries @english and runs in English too,
// on a desktop in the dark and on a phone in the light. Specs run once more without JavaScript unless their file is named
// *.hydrate.spec.ts.
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import { userInfo } from "node:os";
import type { Given } from "./fixtures/attain.ts";

const languages = ["zh-CN", "en"] as const;
const sizes = {
  desktop: { viewport: { width: 1440, height: 900 }, hasTouch: false, isMobile: false },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
} as const;
const themes = ["light", "dark"] as const;

type Project = NonNullable<PlaywrightTestConfig<Given>["projects"]>[number];

/** Four of the eight meet every pair: of the three choices an even number is the second one. */
const met = (...seconds: boolean[]) => process.env.ATTAIN_MATRIX === "all" || seconds.filter(Boolean).length % 2 === 0;

const projects = languages.flatMap((language) =>
  (Object.keys(sizes) as (keyof typeof sizes)[]).flatMap((size) =>
    themes.filter((theme) => met(language === "en", size === "phone", theme === "dark")).map((theme): Project => {
      const first = language === "zh-CN" && size === "desktop" && theme === "light";
      return {
        name: [language, size, theme].join("-"),
        ...(first ? {} : { grep: language === "en" ? /@matrix|@english/ : /@matrix/ }),
        use: { language, size, ...sizes[size], colorScheme: theme, locale: language === "en" ? "en-GB" : language },
      };
    }),
  ),
);

projects.push({
  name: "zh-CN-desktop-without-javascript",
  testIgnore: /\.hydrate\.spec\.ts$/,
  use: { language: "zh-CN", size: "desktop", ...sizes.desktop, javaScriptEnabled: false, locale: "zh-CN" },
});

export default defineConfig<Given>({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json", { outputFile: process.env.ATTAIN_REPORT ?? "../target/end2end/report.json" }]],
  use: {
    timezoneId: "Asia/Shanghai",
    // Recording a trace takes as long as half of what it records: ATTAIN_TRACE=1 keeps one of what fails.
    trace: process.env.ATTAIN_TRACE === "1" ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.ATTAIN_CHROMIUM ?? "/usr/bin/chromium",
      // Root has no sandbox, and containers have a small /dev/shm.
      args: ["--disable-dev-shm-usage", ...(userInfo().uid === 0 ? ["--no-sandbox"] : [])],
    },
  },
  projects,
});
