/**
 * Reply and forward prefixes as mail programs write them, in the languages met in Europe: RE, AW, SV, VS, RV, RIF,
 * TR, WG, FW, FWD, I, ENC, R, Antw, Odp, PD and counted forms such as "Re[2]:" and "Re^3:".
 * The name that a list puts before such a prefix goes with it: "[list] Re: ".
 */
const prefix =
  /^\s*(?:\[[^[\]]{1,60}\]\s*)?(?:re|aw|antw|sv|vs|rv|rif|tr|wg|fwd?|i|enc|r|odp|pd|vl|betr|doorst|res|ref|réf)(?:\s*[[(^]\d{1,3}[\])]?)?\s*[:：]\s*/iu;

/** The subject without any reply or forward prefixes: what a conversation is called (PidTagConversationTopic). */
export function topicOf(subject: string): string {
  let topic = subject.replace(/\s+/gu, ' ').trim();
  for (let rest = topic.replace(prefix, ''); rest !== topic; rest = topic.replace(prefix, '')) topic = rest;
  return topic.trim();
}

/** The subject of a reply: one "RE: ", as Outlook writes it, in front of the topic. */
export function replySubject(subject: string): string {
  return `RE: ${topicOf(subject)}`;
}

/** The subject of a forwarded message. */
export function forwardSubject(subject: string): string {
  return `FW: ${topicOf(subject)}`;
}
