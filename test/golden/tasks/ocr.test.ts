import { checkMatrix } from "./media-matrix.ts";

checkMatrix({
  operation: "ocr",
  client: "mistral",
  models: { mistral: "mistral-ocr-latest" },
  requests: [
    {
      name: "document",
      body: {
        json: {
          document: { type: "document_url", document_url: "https://x/y.pdf", document_name: "y" },
          pages: "0-2,5",
          include_image_base64: true,
        },
      },
    },
    { name: "image", body: { json: { document: { type: "image_url", image_url: { url: "https://x/y.png" } } } } },
    { name: "file", body: { json: { document: { type: "file", file_id: "f1" }, pages: [0] } } },
    { name: "no-document", body: { json: {} } },
  ],
  answers: [
    {
      name: "pages",
      to: "document",
      said: {
        mistral: {
          json: {
            pages: [{ index: 0, markdown: "# Title", images: [], dimensions: { dpi: 200, height: 2200, width: 1700 } }],
            model: "mistral-ocr-2512",
            document_annotation: null,
            usage_info: { pages_processed: 1, doc_size_bytes: 1234 },
          },
        },
      },
    },
  ],
});
