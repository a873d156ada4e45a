import { expect, test } from "bun:test";
import type { JsonObject } from "../../../canonical/json.ts";
import { decodeSetup } from "./decode-setup.ts";

function decode(setup: JsonObject) {
  const fields: string[] = [];
  const warn = (_: string, field: string): void => void fields.push(field);
  const config = decodeSetup(setup, { model: "m", transcriber: null, newId: (prefix) => prefix, warn });
  return { config, fields };
}

test("of a function, what no other protocol has is named; its parameters go along", () => {
  const parameters = { type: "OBJECT", properties: { a: { type: "STRING" } } };
  const declaration = { name: "f", parameters, behavior: "NON_BLOCKING", response: { type: "STRING" } };
  const { config, fields } = decode({ tools: [{ functionDeclarations: [declaration, { name: "g", parameters }] }] });
  expect(config.tools?.map(({ name, parameters: kept }) => [name, kept !== undefined])).toEqual([
    ["f", true],
    ["g", true],
  ]);
  const at = "setup.tools.functionDeclarations";
  expect(fields.toSorted()).toEqual([`${at}.behavior`, `${at}.response`]);
});

test("of how the model speaks, all but the voice's name is named, in both spellings", () => {
  const voiceConfig = { prebuiltVoiceConfig: { voiceName: "Kore", pitch: 2 }, replicatedVoiceConfig: {} };
  const at = "setup.generationConfig.speechConfig";
  const lost = [
    `${at}.languageCode`,
    `${at}.multiSpeakerVoiceConfig`,
    `${at}.voiceConfig.prebuiltVoiceConfig.pitch`,
    `${at}.voiceConfig.replicatedVoiceConfig`,
  ];
  const camel = { languageCode: "en-US", multiSpeakerVoiceConfig: {}, voiceConfig };
  const snake = { language_code: "en-US", multi_speaker_voice_config: {}, voice_config: voiceConfig };
  for (const speechConfig of [camel, snake]) {
    const { config, fields } = decode({ generationConfig: { speechConfig } });
    expect(config.voice).toBe("Kore");
    expect(fields.toSorted()).toEqual(lost);
  }
});

test("of several languages the first goes along", () => {
  const { config, fields } = decode({ inputAudioTranscription: { languageCodes: ["en-US", "de-DE"], more: 1 } });
  expect(config.inputTranscript).toEqual({ language: "en" });
  expect(fields).toEqual(["setup.inputAudioTranscription.more", "setup.inputAudioTranscription.languageCodes"]);
  expect(decode({ inputAudioTranscription: { languageCodes: ["en"] } }).fields).toEqual([]);
});
