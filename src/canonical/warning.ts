/**
 * What could not be carried over. Warnings reach the client in the header
 * `x-trunkline-warnings` and stand on the record.
 */
export interface Warning {
  /** `unsupported_field`: the target dialect has no such thing; `changed_field`: a near equivalent was sent;
   *  `dropped_content`: a part of the conversation could not go along; `dropped_opaque`: state that only another
   *  maker can read was left out; `unsupported_tool`: a tool of a kind the target does not have. */
  code:
    | "unsupported_field"
    | "changed_field"
    | "dropped_content"
    | "dropped_opaque"
    | "unsupported_tool"
    | "price_unknown"
    | "estimated";
  /** Where, in the caller's own terms, such as `logit_bias` or `messages[2].content[0]`. */
  field: string;
  message: string;
}
