package io.kaitoflow.inference.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import io.kaitoflow.inference.server.adapters.AdapterDoor;
import io.kaitoflow.inference.server.keys.KeyPlace;
import io.kaitoflow.inference.server.keys.MountedSecret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The chat page in a real browser; skipped where /usr/bin/chromium or /usr/bin/node is missing. */
@TestInstance(Lifecycle.PER_CLASS)
class ChatPageTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path NODE = Path.of("/usr/bin/node");
    private static final Path PICTURES = Path.of("target", "chat-page");
    private static final int PHONE_WIDTH = 360;

    private final ScriptedModel model = ScriptedModel.pausingAfter(0, 4);
    private final List<String> complaints = new ArrayList<>();
    private ServedModel served;
    private Playwright playwright;
    private Browser browser;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    void open() {
        assumeTrue(Files.exists(CHROMIUM) && Files.exists(NODE), "needs /usr/bin/chromium and /usr/bin/node");
        served = ServedModel.of(model);
        playwright = Playwright.create(new Playwright.CreateOptions()
                .setEnv(Map.of("PLAYWRIGHT_NODEJS_PATH", NODE.toString(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(CHROMIUM)
                        .setArgs(List.of(
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--disable-quic")));
    }

    @AfterAll
    void close() {
        if (playwright != null) {
            playwright.close();
            served.close();
        }
    }

    @BeforeEach
    void visit() {
        complaints.clear();
        visit(1000, ColorScheme.LIGHT);
    }

    private void visit(int width, ColorScheme scheme) {
        if (context != null) {
            context.close();
        }
        context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, 800)
                .setColorScheme(scheme)
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
        page = context.newPage();
        page.onConsoleMessage(message -> complaints.add(message.type() + ": " + message.text()));
        page.onPageError(complaints::add);
        page.onRequest(request -> {
            if (!request.url().startsWith(served.server.address().toString())
                    && !request.url().startsWith("data:")) {
                complaints.add("outside: " + request.url());
            }
        });
        page.navigate(served.server.address().resolve("/chat").toString());
    }

    @AfterEach
    void nothingWasComplainedOf() {
        assertThat(complaints).isEmpty();
    }

    @Test
    void baseAndTunedAnswerSideBySideAsTheTokensCome() {
        model.shut();
        ask("hello you");

        assertThat(replies().first()).hasText("");
        model.open();

        assertThat(replies().nth(0)).hasText("base heard user hello you");
        assertThat(replies().nth(1)).hasText("tuned heard user hello you");
        assertThat(page.locator("section h2")).hasText(new String[] {"Base: base", "Tuned: tuned"});
        assertThat(page.locator(".pace").first()).containsText("tokens");
        assertThat(page.locator("#spoken")).containsText("heard");
    }

    @Test
    void stopEndsBothRepliesAndFreesTheirSlots() {
        model.shut();
        ask("hello you");
        assertThat(page.locator("#stop")).isEnabled();

        page.keyboard().press("Escape");

        assertThat(page.locator("#send")).isEnabled();
        await().until(() -> model.freeSlots() == 4);
    }

    @Test
    void settingsReachTheModelAndTheCommandToCopyRepeatsThem() {
        model.open();
        page.locator("summary").click();
        page.getByLabel("Temperature").fill("0.7");
        page.getByLabel("System message").fill("be brief");
        ask("it's me");
        assertThat(page.locator("#copy")).isEnabled();
        assertThat(page.locator("#send")).isEnabled();

        page.locator("#copy").click();

        String command = String.valueOf(page.evaluate("navigator.clipboard.readText()"));
        assertThat(command)
                .startsWith("curl " + served.server.address())
                .contains("\"temperature\":0.7")
                .contains("be brief")
                .contains("it'\\''s me")
                .contains("\"stream\":false");
        assertThat(model.lastSampling().temperature()).isEqualTo(0.7);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void fitsAPhoneInBothThemes(ColorScheme scheme) {
        model.open();
        visit(PHONE_WIDTH, scheme);
        ask("anunbreakablewordofletters");
        assertThat(replies().nth(1)).containsText("heard");

        assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(PHONE_WIDTH);
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve("phone-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
        visit(1100, scheme);
        ask("hello you");
        assertThat(replies().nth(1)).containsText("heard");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve("desk-" + scheme.name().toLowerCase(Locale.ROOT) + ".png")));
    }

    @Test
    void asksForTheKeyWhereTheServerWantsOne(@TempDir Path folder) {
        KeyPlace keys = new MountedSecret(folder.resolve("keys"))
                .hold(Map.of("ann", "open-sesame"))
                .place();
        try (ServedModel locked =
                ServedModel.with(ScriptedModel.ready(), Optional.of(keys), new AdapterDoor.Closed())) {
            Page other = context.newPage();
            other.navigate(locked.server.address().resolve("/chat").toString());
            assertThat(other.locator("#state")).containsText("key");

            other.getByLabel("Key").fill("open-sesame");
            other.getByLabel("Key").blur();
            assertThat(other.locator("#state")).hasText("Ready");
            other.locator("#question").fill("hello");
            other.locator("#send").click();

            assertThat(other.locator(".assistant").first()).containsText("base heard");
            other.close();
        }
    }

    /** Nothing but the keyboard: the question has the focus at once, and every control can be reached. */
    @Test
    void worksByKeyboardAlone() {
        model.open();
        assertThat(page.locator("#send")).isEnabled();
        page.keyboard().type("hello");
        page.keyboard().press("Shift+Enter");
        page.keyboard().type("you");
        page.keyboard().press("Enter");

        assertThat(replies().nth(1)).containsText("tuned heard");
        assertThat(page.locator("#question")).isFocused();
        List<Object> reached = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            page.keyboard().press("Tab");
            reached.add(page.evaluate("document.activeElement.id || document.activeElement.tagName"));
        }
        assertThat(reached).contains("send", "clear", "copy", "SUMMARY");
    }

    private void ask(String question) {
        assertThat(page.locator("#send")).isEnabled();
        page.locator("#question").fill(question);
        page.keyboard().press("Enter");
    }

    private Locator replies() {
        return page.locator(".assistant");
    }
}
