package io.kaitoflow.workflows.workspace.ledger;

/** The things that a run does, in the order in which they come. */
public enum Step {
    PLAN,
    PREFLIGHT,
    /** Something is said to have happened to the machine of a server: it is looked at, and given back when it is lost. */
    LOOK,
    /** The server goes on answering where it is; what comes next happens on a second machine. */
    STEP_ASIDE,
    /** What had to be done on a second machine is done: it goes, and the first one is worked with again. */
    STEP_BACK,
    /** The next server answers: the machine of the one before goes. */
    DISMISS,
    /** Everything leased goes back: another machine is needed, or none any more. */
    GIVE_BACK,
    CLAIM,
    /** The server makes room for the tuner: a machine has its GPU once. */
    STOP_SERVER,
    START_TUNER,
    FETCH,
    TUNE,
    EVALUATE,
    PUSH,
    /** A result that lies in a registry, and on no machine any more, goes from there to where it is wished for now. */
    MOVE,
    /** A result that could not be pushed is kept; somebody without a leased machine is to push it. */
    START_PUSHER,
    /** What was kept is pushed by now. */
    DISCARD,
    /** The tuner makes room for the server. */
    STOP_TUNER,
    ROLL;

    /** Whether the step happens in the tuner, and is retried with it as a block. */
    public boolean inTuner() {
        return switch (this) {
            case START_TUNER, FETCH, TUNE, EVALUATE, PUSH -> true;
            case PLAN, PREFLIGHT, LOOK, STEP_ASIDE, STEP_BACK, DISMISS, GIVE_BACK, CLAIM -> false;
            case STOP_SERVER, MOVE, START_PUSHER, DISCARD, STOP_TUNER, ROLL -> false;
        };
    }
}
