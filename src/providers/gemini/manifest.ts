import { defineProvider } from "../../canonical/provider.ts";

/** https://ai.google.dev/api */
export const gemini = defineProvider({
  name: "gemini",
  title: "Google Gemini API",
  docs: "https://ai.google.dev/api",
  baseUrl: "https://generativelanguage.googleapis.com/v1beta",
  auth: { type: "header", name: "x-goog-api-key" },
  headers: {},
  wires: [
    { dialect: "gemini", operations: ["chat", "count_tokens", "embeddings"] },
    // Its path names the version itself: https://ai.google.dev/api/live
    { dialect: "gemini", operations: ["realtime"], basePath: "" },
    {
      dialect: "gemini",
      operations: [
        "image",
        "image_edit",
        "speech",
        "transcription",
        "translation",
        "video",
        "video_content",
        "video_status",
      ],
    },
  ],
  vendorOf: ["gemini"],
  // https://ai.google.dev/api/models#Model
  modelFolder: "models/",
  aliases: ["google-ai-studio", "google", "google-gemini"],
  forwardHeaders: [],
  keyVariables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  // Uploads go on at the address that their beginning is answered with: https://ai.google.dev/gemini-api/docs/files
  besidePaths: ["/upload/"],
  addressHeaders: ["x-goog-upload-url"],
  models: { path: "/models?pageSize=1000", list: "models", id: "name", stripPrefix: "models/" },
});
