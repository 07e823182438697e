//! What each rule means, with an example that a test runs.

use super::Rule;

/// What there is to know of a rule beside its summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guide {
    /// Why it matters.
    pub meaning: &'static str,
    /// What is reported and what is not.
    pub decided: &'static str,
    /// Files that break the rule: paths and contents.
    pub files: &'static [(&'static str, &'static str)],
    /// The configuration that the example needs; empty where none.
    pub config: &'static str,
}

impl Rule {
    /// What the rule means.
    pub fn guide(self) -> Guide {
        match self {
            Self::InvalidFrontmatter => INVALID_FRONTMATTER,
            Self::NameCollision => NAME_COLLISION,
            Self::ModelConflict => MODEL_CONFLICT,
            Self::ToolsConflict => TOOLS_CONFLICT,
            Self::MissingTool => MISSING_TOOL,
            Self::DanglingReference => DANGLING_REFERENCE,
            Self::ChoiceConflict => CHOICE_CONFLICT,
            Self::PracticeConflict => PRACTICE_CONFLICT,
            Self::HouseRule => HOUSE_RULE,
            Self::PolarityConflict => POLARITY_CONFLICT,
            Self::QuantityConflict => QUANTITY_CONFLICT,
            Self::FactConflict => FACT_CONFLICT,
            Self::SelfContradiction => SELF_CONTRADICTION,
            Self::DriftedTwin => DRIFTED_TWIN,
            Self::OpenDecision => OPEN_DECISION,
            Self::DuplicateAgent => DUPLICATE_AGENT,
            Self::NearDuplicateAgent => NEAR_DUPLICATE_AGENT,
            Self::ContainedAgent => CONTAINED_AGENT,
            Self::RedundantAgent => REDUNDANT_AGENT,
            Self::TriggerOverlap => TRIGGER_OVERLAP,
            Self::SharedBoilerplate => SHARED_BOILERPLATE,
        }
    }
}

const INVALID_FRONTMATTER: Guide = Guide {
    meaning: "The lines between the two `---` tell the product what the agent is called and when to \
              start it. Where they are broken, it may not load the agent, or load it without them.",
    decided: "The frontmatter is read as YAML, and where that fails line by line, so that the agent \
              is analysed all the same. It is an error where the product's documentation says that it \
              refuses such a file, a warning where it may, a note where only other readers stumble.",
    files: &[(
        ".claude/agents/pilot.md",
        "---\nname: pilot\ndescription: Plans arrivals. Example: a late ferry\n---\n\nPlan the arrivals of the day.\n",
    )],
    config: "",
};

const NAME_COLLISION: Guide = Guide {
    meaning: "Of two definitions with one name a product loads one, and nobody sees which.",
    decided: "Each product has its own idea of a name: the field `name` in Claude Code, Codex, Gemini \
              CLI and Cursor, the file's name in Copilot and OpenCode. Only files that are loaded \
              together collide: those of one folder of agents, not those of two plugins.",
    files: &[
        (
            ".claude/agents/pilot.md",
            "---\nname: pilot\ndescription: Plans arrivals\n---\n\nPlan the arrivals of the day.\n",
        ),
        (
            ".claude/agents/night.md",
            "---\nname: pilot\ndescription: Watches the radar\n---\n\nWatch the radar after dark.\n",
        ),
    ],
    config: "",
};

const MODEL_CONFLICT: Guide = Guide {
    meaning: "Agents of one role that ask for different models give answers of different quality at \
              different cost, depending on which one happens to be started.",
    decided: "Compared are agents that could replace each other or bear one name. Aliases and full ids \
              of one model are one (`sonnet`, `claude-sonnet-4-5`). Two families are a warning, two \
              versions or a model beside `inherit` or no model a note. A name that tells its tier (`-fast`, \
              `-opus`) chooses on purpose.",
    files: &[
        (".claude/agents/berth-planner.md", BERTH_PLANNER_SONNET),
        (".claude/agents/berth-planning-expert.md", BERTH_PLANNER_OPUS),
    ],
    config: "",
};

const BERTH_PLANNER_SONNET: &str = "---\nname: berth-planner\ndescription: Plans which ship lies at which berth\nmodel: sonnet\n---\n\n\
    - Give deep ships the berths near the channel.\n- Keep one berth free for the pilot boat.\n- Ask the tug office before you move a tanker.\n";

const BERTH_PLANNER_OPUS: &str = "---\nname: berth-planning-expert\ndescription: Plans which ship lies at which berth\nmodel: opus\n---\n\n\
    - Give deep ships the berths near the channel.\n- Keep one berth free for the pilot boat.\n- Ask the tug office before you move a tanker.\n";

const TOOLS_CONFLICT: Guide = Guide {
    meaning: "Two agents say the same, but one may change files or run commands and the other may \
              only read. Which of both is started decides whether anything happens.",
    decided: "Compared are agents of one role or text and one product. Only the power to change \
              things counts, not which tools for reading there are. It is a warning where the texts \
              are the same, else a note.",
    files: &[
        (
            ".claude/agents/berth-planner.md",
            "---\nname: berth-planner\ndescription: Plans which ship lies at which berth\ntools: Read, Grep\n---\n\n\
             - Give deep ships the berths near the channel.\n- Keep one berth free for the pilot boat.\n- Ask the tug office before you move a tanker.\n",
        ),
        (
            ".claude/agents/berth-planning-expert.md",
            "---\nname: berth-planning-expert\ndescription: Plans which ship lies at which berth\ntools: Read, Write, Bash\n---\n\n\
             - Give deep ships the berths near the channel.\n- Keep one berth free for the pilot boat.\n- Ask the tug office before you move a tanker.\n",
        ),
    ],
    config: "",
};

const MISSING_TOOL: Guide = Guide {
    meaning: "The text tells the agent to write files, run commands or start other agents, but its \
              `tools` do not let it. It will fail, or say that it did what it did not.",
    decided: "Only plain orders count: \"Write the report to `docs/report.md`\", \"Run `npm test`\". \
              An agent without `tools` has all of them.",
    files: &[(
        ".claude/agents/tide-reader.md",
        "---\nname: tide-reader\ndescription: Reads the gauges\ntools: Read, Grep\n---\n\nWrite the levels to `docs/levels.md`.\n",
    )],
    config: "",
};

const DANGLING_REFERENCE: Guide = Guide {
    meaning: "A text sends work to an agent that is not there: it was renamed, removed or never \
              written. Then another one gets the work, or none.",
    decided: "A name is what stands in backticks or behind `@` beside the word agent, in an example of \
              the product, or in a table or list where most other names are those of agents. What merely describes (\"the testing agent\") is \
              none. The nearest real name is offered.",
    files: &[
        (
            ".claude/agents/pilot.md",
            "---\nname: pilot\ndescription: Plans arrivals\n---\n\nAsk the `tide-readr` agent for the levels.\n",
        ),
        (
            ".claude/agents/tide-reader.md",
            "---\nname: tide-reader\ndescription: Reads the gauges\n---\n\nRead all gauges of the harbour.\n",
        ),
    ],
    config: "",
};

const CHOICE_CONFLICT: Guide = Guide {
    meaning: "Agents of one project build on different things: npm and pnpm, Flask and Next.js, React \
              17 and React 19. What one of them writes does not fit what the other one does.",
    decided: "What an agent decides for is told by strong wordings alone: who it is, its stack, its \
              orders, its commands. Lists of what it knows, conditions, examples and history decide \
              nothing. Two agents disagree where both are followed in one project and speak of the \
              same part of it; memory files hold for all below their folder. `agent-overlap facets` \
              lists the decisions.",
    files: &[
        ("CLAUDE.md", "# Harbour\n\n- Always use pnpm.\n"),
        (
            ".claude/agents/builder.md",
            "---\nname: builder\ndescription: Builds the site\n---\n\n- Always use npm.\n",
        ),
    ],
    config: "",
};

const PRACTICE_CONFLICT: Guide = Guide {
    meaning: "Agents of one project are told opposite ways to work: commit at once and commit never, \
              tests first and tests after.",
    decided: "A practice is known by phrases that prescribe it. Apart from that it is decided as for \
              `choice-conflict`.",
    files: &[
        ("CLAUDE.md", "# Harbour\n\n- Never commit without approval.\n"),
        (
            ".claude/agents/builder.md",
            "---\nname: builder\ndescription: Builds the site\n---\n\n- Commit after each step.\n",
        ),
    ],
    config: "",
};

const HOUSE_RULE: Guide = Guide {
    meaning: "The configuration says which option is right here, and an agent decides for another \
              one.",
    decided: "Reported is each agent that takes an option of a decision in `[house]` other than the \
              right ones, or rejects the only right one. Statements about a part apart (\"legacy\", \
              \"in tests\") and mere specialities do not count where several options can stand side by \
              side. `model` in `[house]` is compared with the field `model`.",
    files: &[(
        ".claude/agents/builder.md",
        "---\nname: builder\ndescription: Builds the site\n---\n\n- Always use npm.\n",
    )],
    config: "[house]\npackage-manager-js = \"pnpm\"\n",
};

const POLARITY_CONFLICT: Guide = Guide {
    meaning: "One text forbids what another one advises or shows in its code.",
    decided: "A ban has to name the thing by its very letters (\"Never use `moment`\"), or an order has \
              to have all words of the ban. Bad examples, exceptions and other parts of the project \
              break no ban.",
    files: &[
        ("CLAUDE.md", "# Harbour\n\n- Never use `moment.now()`.\n"),
        (
            ".claude/agents/builder.md",
            "---\nname: builder\ndescription: Builds the site\n---\n\n```ts\nconst now = moment.now();\n```\n",
        ),
    ],
    config: "",
};

const QUANTITY_CONFLICT: Guide = Guide {
    meaning: "Two texts give different numbers for one measure, such as the coverage of tests or the \
              length of a function.",
    decided: "The measure is named beside the number, or all other words of a sentence agree with \
              those of one in the memory file, and both numbers bind on the same side. A range, or one \
              number in two units, is no conflict.",
    files: &[
        ("CLAUDE.md", "# Harbour\n\n- Test coverage: at least 80%\n"),
        (
            ".claude/agents/tester.md",
            "---\nname: tester\ndescription: Tests the site\n---\n\n- Maintain >90% code coverage\n",
        ),
    ],
    config: "",
};

const FACT_CONFLICT: Guide = Guide {
    meaning: "Two texts write one thing in two ways: a domain with another ending, a path in other \
              letters, another port, another count. One of them is wrong or out of date.",
    decided: "The two must be alike in all but the place where they differ, so that no other thing can \
              be meant.",
    files: &[
        ("CLAUDE.md", "# Harbour\n\nSite: https://tidewharf.app/a\n"),
        (
            ".claude/agents/tester.md",
            "---\nname: tester\ndescription: Tests the site\n---\n\nOpen https://tidewharf.com\n",
        ),
    ],
    config: "",
};

const SELF_CONTRADICTION: Guide = Guide {
    meaning: "One file says two things that cannot both be followed.",
    decided: "The same as for two files: `polarity-conflict`, `quantity-conflict`, `fact-conflict`, or \
              an option that is taken and rejected. Two options that are both taken are left open.",
    files: &[(
        ".claude/agents/builder.md",
        "---\nname: builder\ndescription: Builds the site\n---\n\n## Rules\n\n- Never use `moment.now()`.\n\n## Times\n\n```ts\nconst now = moment.now();\n```\n",
    )],
    config: "",
};

const DRIFTED_TWIN: Guide = Guide {
    meaning: "Two files are copies of one text, and since then one of them was changed: they now \
              disagree in a number, a name or a whole statement.",
    decided: "Compared are copies that are loaded together, and folders that mirror each other, \
              statement by statement: one is reversed, or a number or name is another. Other words for \
              the same are no disagreement.",
    files: &[
        (
            ".claude/agents/gauge-keeper.md",
            "---\nname: gauge-keeper\ndescription: Keeps the water gauges of the harbour\n---\n\n\
             - Read every gauge twice a day.\n- Keep the readings for 14 days.\n- Send broken gauges to the workshop.\n\
             - Write the highest level into the harbour log.\n- Tell the pilot office about storm tides.\n",
        ),
        (
            ".claude/agents/gauge-warden.md",
            "---\nname: gauge-warden\ndescription: Keeps the water gauges of the harbour\n---\n\n\
             - Read every gauge twice a day.\n- Keep the readings for 30 days.\n- Send broken gauges to the workshop.\n\
             - Write the highest level into the harbour log.\n- Tell the pilot office about storm tides.\n",
        ),
    ],
    config: "",
};

const OPEN_DECISION: Guide = Guide {
    meaning: "Where merged agents disagree, `consolidate` writes both sides down and marks them. An \
              agent that is loaded with such a mark is told both.",
    decided: "Comments that begin with `DECIDE: `, in the body or the frontmatter. Settle each by \
              keeping what is right, and take the mark out.",
    files: &[(
        ".claude/agents/pilot.md",
        "---\nname: pilot\ndescription: Plans arrivals\n---\n\n\
         <!-- DECIDE: \"Wait 5 minutes at the gate.\" (pilot.md:7) or \"Wait 9 minutes at the gate.\" (night.md:6)? -->\n\n\
         - Wait 5 minutes at the gate.\n- Wait 9 minutes at the gate.\n",
    )],
    config: "",
};

const DUPLICATE_AGENT: Guide = Guide {
    meaning: "The same text lies there more than once. A session that loads both pays for both \
              descriptions, and changes go into one of them only.",
    decided: "Both hold nearly all of each other's content (0.9 unless `duplicate` in `[thresholds]` \
              says otherwise). Folders that mirror another one are said once, as a note.",
    files: &[
        (".claude/agents/tide-reader.md", TIDE_READER),
        (".claude/agents/tide-reader-old.md", TIDE_READER_OLD),
    ],
    config: "",
};

const TIDE_READER: &str = "---\nname: tide-reader\ndescription: Reads the gauges of the harbour\n---\n\n\
    - Read every gauge twice a day.\n- Keep the readings for 14 days.\n- Send broken gauges to the workshop.\n";

const TIDE_READER_OLD: &str = "---\nname: tide-reader-old\ndescription: Reads the gauges of the harbour\n---\n\n\
    - Read every gauge twice a day.\n- Keep the readings for 14 days.\n- Send broken gauges to the workshop.\n";

const NEAR_DUPLICATE_AGENT: Guide = Guide {
    meaning: "Copies of one agent that drifted apart. Nobody remembers which one is right.",
    decided: "Both hold most of each other's content (0.6 unless `near-duplicate` in `[thresholds]` \
              says otherwise). What they disagree about is told by `drifted-twin`.",
    files: &[
        (
            ".claude/agents/gauge-keeper.md",
            "---\nname: gauge-keeper\ndescription: Keeps the water gauges of the harbour\n---\n\n\
             - Read every gauge twice a day.\n- Keep the readings for a fortnight.\n- Send broken gauges to the workshop.\n\
             - Write the highest level into the harbour log.\n- Paint the scale each spring.\n",
        ),
        (
            ".claude/agents/gauge-warden.md",
            "---\nname: gauge-warden\ndescription: Keeps the water gauges of the harbour\n---\n\n\
             - Read every gauge twice a day.\n- Keep the readings for a fortnight.\n- Send broken gauges to the workshop.\n\
             - Write the highest level into the harbour log.\n- Measure the salt beside the lock.\n",
        ),
    ],
    config: "",
};

const CONTAINED_AGENT: Guide = Guide {
    meaning: "Another agent says most of what this one says, in the same or like words, and more.",
    decided: "Three quarters of its content (`contained` in `[thresholds]`) are like content of the \
              other one, but not the other way round. What would have to be moved is counted more \
              strictly: also what the other one says without a number, name or condition.",
    files: &[
        (
            ".claude/agents/gauge-reader.md",
            "---\nname: gauge-reader\ndescription: Reads the water gauges\n---\n\n\
             - Read every gauge twice a day.\n- Keep the readings for a fortnight.\n- Send broken gauges to the workshop.\n\
             - Write the highest level into the harbour log.\n- Measure the salt beside the lock.\n",
        ),
        (
            ".claude/agents/gauge-keeper.md",
            "---\nname: gauge-keeper\ndescription: Keeps the water gauges of the harbour\n---\n\n\
             - Read every gauge twice a day.\n- Keep the readings for a fortnight.\n- Send broken gauges to the workshop.\n\
             - Write the highest level into the harbour log.\n- Measure the salt beside the lock.\n- Paint the scale each spring.\n\
             - Tell the pilot office about storm tides.\n- Order new floats in autumn.\n- Compare both sensors of the northern pier.\n\
             - Grease the hinges before the first frost.\n- Hang a lamp over the lowest step.\n",
        ),
    ],
    config: "",
};

const REDUNDANT_AGENT: Guide = Guide {
    meaning: "Two agents have one role, each in its own words. Requests go to one or the other by \
              chance.",
    decided: "Name, description, identity and content together say how far one could replace the other \
              (0.45 unless `redundant` in `[thresholds]` says otherwise), and both names have the same \
              topic.",
    files: &[
        (
            ".claude/agents/tide-forecaster.md",
            "---\nname: tide-forecaster\ndescription: Forecasts tides for the harbour from gauges and wind\n---\n\n\
             - Read the gauges before you begin.\n- Add the wind of the last hours.\n- State how sure you are.\n",
        ),
        (
            ".claude/agents/tide-forecast-expert.md",
            "---\nname: tide-forecast-expert\ndescription: Expert for tides in the harbour; makes a forecast from gauges and wind\n---\n\n\
             - Never promise a level to a skipper.\n- Compare your result with last year's table.\n- Mark storm surges in red.\n",
        ),
    ],
    config: "",
};

const TRIGGER_OVERLAP: Guide = Guide {
    meaning: "The model that picks an agent for a request reads the descriptions. Where two say the same, \
              it picks one by chance, and the other is started for nothing or never.",
    decided: "Two agents, skills or rules that one product picks from, with nearly the same description \
              or example request; or with descriptions and roles that are alike, where each speaks of all \
              that the other's name is about. Sentences such as \"do not use for\" do not count. Not told \
              where a description names the other agent, and of copies and groups, which are told as such.",
    files: &[
        (
            ".claude/agents/lock-master.md",
            "---\nname: lock-master\ndescription: Use when a barge has to pass the eastern lock at low water.\n---\n\n\
             - Fill the chamber slowly.\n- Let the longest barge enter first.\n- Note the level on both sides.\n",
        ),
        (
            ".claude/agents/sluice-warden.md",
            "---\nname: sluice-warden\ndescription: Use when a barge must pass the eastern lock at very low water.\n---\n\n\
             - Ask the pilot for a time.\n- Close the road bridge in good time.\n- Collect the fee afterwards.\n",
        ),
    ],
    config: "",
};

const SHARED_BOILERPLATE: Guide = Guide {
    meaning: "Many agents repeat one block. It would cost less, and be changed in one place, in a \
              memory file or a skill.",
    decided: "At least five agents (`boilerplate-agents` in `[thresholds]`) hold the same lines one \
              after the other.",
    files: &[(".claude/agents/crane.md", CRANE), (".claude/agents/ferry.md", FERRY)],
    config: "[thresholds]\nboilerplate-agents = 2\n",
};

const CRANE: &str = "---\nname: crane\ndescription: Moves containers\n---\n\nLift the heaviest boxes first.\n\n## Reports\n\n\
    - Send the report to the harbour office by noon.\n- Sign the report with the name of the shift.\n- Keep a copy in the blue folder.\n";

const FERRY: &str = "---\nname: ferry\ndescription: Sells tickets\n---\n\nChildren travel at half price.\n\n## Reports\n\n\
    - Send the report to the harbour office by noon.\n- Sign the report with the name of the shift.\n- Keep a copy in the blue folder.\n";
