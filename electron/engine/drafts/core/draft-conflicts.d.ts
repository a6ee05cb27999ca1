/** What became of a draft here since the copy in a Drafts folder was made. `ended`: it was sent, or discarded. */
export declare const ourDraftChanges: readonly ["unchanged", "edited", "ended"];
export type OurDraftChange = (typeof ourDraftChanges)[number];
/**
 * What became of that copy. `edited`: there is another message of its name, which says something else. `gone`: there is
 * none of its name in the folder any more: discarded, sent, or continued elsewhere under another name. `lost`: nor is
 * the folder the one that it was (another UIDVALIDITY), which says nothing about what anybody wanted.
 */
export declare const theirDraftChanges: readonly ["nothing", "edited", "gone", "lost"];
export type TheirDraftChange = (typeof theirDraftChanges)[number];
/**
 * `nothing`     both are as they should be.
 * `replace`     ours is put there, and once it was seen to stand there the older copy goes.
 * `keepBoth`    ours is put there, or is on its way already; theirs stays, and is a draft of its own from here on.
 * `putAgain`    ours is put there anew.
 * `takeTheirs`  ours has nothing that is not there in another version: it goes out of sight.
 * `remove`      their copy goes.
 * `forget`      nothing is left to be done.
 */
export type DraftRuling = 'nothing' | 'replace' | 'keepBoth' | 'putAgain' | 'takeTheirs' | 'remove' | 'forget';
/** Ours × theirs. One rule makes it: what somebody wrote is never mixed and never lost; two versions are two drafts. */
export declare const draftConflicts: Readonly<Record<OurDraftChange, Readonly<Record<TheirDraftChange, DraftRuling>>>>;
