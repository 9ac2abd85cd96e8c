package io.kaitoflow.bridge.status;

import io.kaitoflow.bridge.api.WorkspaceStatus.Cost;
import io.kaitoflow.workflows.cost.Account;
import io.kaitoflow.workflows.cost.Spending;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Optional;

/** What machines cost until now; the workflow says since when, so that nobody has to be told each cent. */
final class CostRenderer {

    private static final int CENTS = 2;

    private CostRenderer() {}

    /** Empty while nothing was ever leased. */
    static Optional<Cost> render(Account account, Instant now) {
        Spending spending = account.spending();
        return spending.any()
                ? Optional.of(new Cost(
                        text(account, now),
                        cents(spending.usd(now)).doubleValue(),
                        spending.hourlyUsd().map(BigDecimal::doubleValue).orElse(null),
                        account.budgetUsd().map(BigDecimal::doubleValue).orElse(null),
                        account.warning().orElse(null)))
                : Optional.empty();
    }

    /** What the column shows: {@code 1.20 of 20 USD, 3.67 an hour}. */
    private static String text(Account account, Instant now) {
        Spending spending = account.spending();
        String spent = cents(spending.usd(now)).toPlainString()
                + account.budgetUsd()
                        .map(budget -> " of " + budget.stripTrailingZeros().toPlainString())
                        .orElse("")
                + " USD";
        return spending.running() ? spent + ", " + rate(spending) : spent;
    }

    private static String rate(Spending spending) {
        return spending.hourlyUsd()
                .map(price -> cents(price).toPlainString() + " an hour")
                .orElse("price not known");
    }

    private static BigDecimal cents(BigDecimal usd) {
        return usd.setScale(CENTS, RoundingMode.HALF_UP);
    }
}
