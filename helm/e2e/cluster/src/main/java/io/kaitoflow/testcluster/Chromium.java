package io.kaitoflow.testcluster;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A real browser without a window. Pages are driven by Playwright, which runs on the machine's own Node. */
public final class Chromium implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/bin/chromium");
    private static final Path NODE = Path.of("/usr/bin/node");
    private static final int WIDTH = 1280;
    private static final int HEIGHT = 860;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium() {
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_NODEJS_PATH", NODE.toString(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(BINARY)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    /** Whether the programs are installed here; {@code apt-get install chromium nodejs} does it. */
    public static boolean installed() {
        return Files.isExecutable(BINARY) && Files.isExecutable(NODE);
    }

    public static Chromium start() {
        return new Chromium();
    }

    /** A page of a visitor who was never here. */
    public Page page() {
        return browser.newPage(new Browser.NewPageOptions().setViewportSize(WIDTH, HEIGHT));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
