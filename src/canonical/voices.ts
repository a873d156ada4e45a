/** OpenAI's own voices: https://platform.openai.com/docs/guides/text-to-speech#voice-options */
export const OPENAI_VOICES: ReadonlySet<string> = new Set(
  "alloy ash ballad cedar coral echo fable marin nova onyx sage shimmer verse".split(" "),
);

/** Gemini's: https://ai.google.dev/gemini-api/docs/speech-generation#voices */
export const GEMINI_VOICES: ReadonlySet<string> = new Set(
  (
    "Achernar Achird Algenib Algieba Alnilam Aoede Autonoe Callirrhoe Charon Despina Enceladus Erinome Fenrir Gacrux Iapetus " +
    "Kore Laomedeia Leda Orus Puck Pulcherrima Rasalgethi Sadachbia Sadaltager Schedar Sulafat Umbriel Vindemiatrix Zephyr " +
    "Zubenelgenubi"
  ).split(" "),
);
