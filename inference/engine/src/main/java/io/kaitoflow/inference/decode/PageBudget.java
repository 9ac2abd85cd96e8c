package io.kaitoflow.inference.decode;

import io.kaitoflow.inference.decode.Sequence.Page;
import io.kaitoflow.inference.decode.kernel.PageMemory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who has which page. A sequence gets all pages that it can ever need when it begins, so none is stopped half way. Full pages
 * stay behind when their sequence ends, and serve later ones that begin with the same tokens under the same adapter, until
 * their room is needed. Used by one thread.
 */
final class PageBudget {
    private static final long NO_CONTENT = 0;

    private final Deque<Integer> free = new ArrayDeque<>();
    private final Map<Key, Page> byKey = new HashMap<>();
    private final Map<Page, Holder> known = new HashMap<>();
    /** Known pages that no sequence uses, oldest first. */
    private final SequencedMap<Page, Key> idle = new LinkedHashMap<>();

    private final int shortLength;
    private long contents = NO_CONTENT;

    /**
     * What a full page holds: its tokens, after the page before it, turned as those of short or of long texts.
     *
     * @param adapter its number, since pages outlive adapters that were taken away; 0 for none
     */
    private record Key(long before, long adapter, Reach reach, List<Integer> tokens) {
        Key(long before, @Nullable Adapter adapter, Reach reach, List<Integer> tokens) {
            this(before, adapter == null ? 0 : adapter.number(), reach, tokens);
        }
    }

    private static final class Holder {
        private final Key key;
        private int users = 1;

        Holder(Key key) {
            this.key = key;
        }
    }

    /** @param shortLength the greatest length of a text that turns as short ones do, where that matters */
    PageBudget(int pages, OptionalInt shortLength) {
        this.shortLength = shortLength.orElse(Integer.MAX_VALUE);
        for (int page = 0; page < pages; page++) {
            free.add(page);
        }
    }

    /** Pages that {@code tokens} fill. */
    static int pagesFor(int tokens) {
        return (tokens + PageMemory.TOKENS - 1) / PageMemory.TOKENS;
    }

    /** Pages that a sequence could have now. */
    int available() {
        return free.size() + idle.size();
    }

    /** Room for a prompt and its reply, {@code capacity} tokens together, or nothing while there is not enough. */
    Optional<Sequence> begin(int[] prompt, int capacity, @Nullable Adapter adapter) {
        Reach reach = Reach.of(prompt.length, capacity, shortLength);
        List<Page> shared = reach == Reach.GROWING ? List.of() : sharedPages(prompt, adapter, reach);
        int needed = pagesFor(capacity) - shared.size();
        long idleShared = shared.stream().filter(idle::containsKey).count();
        if (needed > available() - idleShared) {
            return Optional.empty();
        }
        shared.forEach(this::use);
        // In the order of their numbers, since neighbours are read faster.
        List<Page> own = IntStream.generate(this::take)
                .limit(needed)
                .sorted()
                .mapToObj(page -> new Page(page, NO_CONTENT))
                .toList();
        Sequence sequence = new Sequence(shared, own, capacity, reach, shortLength);
        sequence.adopt(prompt);
        return Optional.of(sequence);
    }

    /** Full pages with the prompt's first tokens; the last token is never among them, since its logits are wanted. */
    private List<Page> sharedPages(int[] prompt, @Nullable Adapter adapter, Reach reach) {
        List<Page> shared = new ArrayList<>();
        long before = NO_CONTENT;
        for (int from = 0; from + PageMemory.TOKENS < prompt.length; from += PageMemory.TOKENS) {
            Page page = byKey.get(new Key(before, adapter, reach, tokens(prompt, from)));
            if (page == null) {
                return shared;
            }
            shared.add(page);
            before = page.content();
        }
        return shared;
    }

    private static List<Integer> tokens(int[] prompt, int from) {
        List<Integer> tokens = new ArrayList<>(PageMemory.TOKENS);
        for (int i = 0; i < PageMemory.TOKENS; i++) {
            tokens.add(prompt[from + i]);
        }
        return tokens;
    }

    private void use(Page page) {
        holder(page).users++;
        idle.remove(page);
    }

    private Holder holder(Page page) {
        Holder holder = known.get(page);
        if (holder == null) {
            throw new IllegalStateException("No page " + page);
        }
        return holder;
    }

    private int take() {
        Integer page = free.poll();
        return page != null ? page : forget(idle.firstEntry().getKey());
    }

    private int forget(Page page) {
        byKey.remove(holder(page).key);
        known.remove(page);
        idle.remove(page);
        return page.number();
    }

    /** Makes the pages that became full known to others, unless they may be overwritten. */
    void publish(Sequence sequence, @Nullable Adapter adapter) {
        if (sequence.reach() == Reach.GROWING) {
            return;
        }
        for (int i = sequence.cached() / PageMemory.TOKENS; i < sequence.length() / PageMemory.TOKENS; i++) {
            Page page = sequence.pages.get(i);
            if (page.content() == NO_CONTENT) {
                long before = i == 0 ? NO_CONTENT : sequence.pages.get(i - 1).content();
                Key key = new Key(before, adapter, sequence.reach(), sequence.tokensOf(i));
                if ((i > 0 && before == NO_CONTENT) || byKey.containsKey(key)) {
                    return; // another sequence was faster; one copy is enough
                }
                Page full = new Page(page.number(), ++contents);
                sequence.pages.set(i, full);
                known.put(full, new Holder(key));
                byKey.put(key, full);
            }
        }
    }

    /** Gives a sequence's pages back. */
    void end(Sequence sequence) {
        // The last first: a page is of use only while those before it are there.
        for (Page page : sequence.pages.reversed()) {
            if (page.content() == NO_CONTENT) {
                free.add(page.number());
            } else if (--holder(page).users == 0) {
                idle.put(page, holder(page).key);
            }
        }
        sequence.pages.clear();
    }
}
