import type { AttachmentSummary } from '../../../shared/model/conversation.ts';

/** What an attachment can be looked at as, in the window itself; null: only with another program. */
export function previewOf({ contentType, size }: AttachmentSummary): 'picture' | 'text' | null {
  const type = contentType.toLowerCase();
  // The formats that main serves as pictures: an SVG is a document.
  if (/^image\/(png|jpe?g|gif|webp|bmp)$/.test(type)) return 'picture';
  return /^text\/(plain|csv|markdown|x-log)$/.test(type) && size <= mostText ? 'text' : null;
}

const mostText = 500_000;

/** What opening an attachment may do. `program`: it runs. `macros`: it may hold what runs. `disguised`: and it hides that. */
export type Danger = 'program' | 'macros' | 'disguised';

// What Outlook blocks ("Blocked attachments in Outlook") that occurs, with what runs on macOS and Linux.
const programs = new Set(
  `ade adp app appref-ms application bas bat chm cmd com cpl crt deb desktop diagcab dll dmg dylib exe fxp gadget hlp
   hta inf ins iso img vhd vhdx isp jar jnlp js jse ksh lnk mad maf mdb mde msc msh msi msp mst ocx one osd pif pkg pl
   prg ps1 ps2 psc1 psd1 psm1 py pyc pyo pyw pyz reg rpm run scf scpt scr sct settingcontent-ms sh shb shs sys theme
   url vb vbe vbs vsmacros vsw website workflow ws wsc wsf wsh xbap xll xnk html htm mht mhtml shtml svg`
    .trim()
    .split(/\s+/),
);
const macros = /^(docm|dotm|xlsm|xltm|xlam|xlsb|pptm|potm|ppsm|ppam|sldm|doc|xls|ppt)$/;
const harmlessLooking = /\.(pdf|docx?|xlsx?|pptx?|txt|csv|jpe?g|png|gif|zip)[\s._]*$/i;
/** They turn the writing round, so that "gpj.exe" is read as a picture. */
const turning = /[\u202a-\u202e\u2066-\u2069]/u;

/** By its name, as the system decides by it; null: nothing known. */
export function dangerOf(fileName: string): Danger | null {
  const name = fileName.replace(/[\s.]+$/, '');
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot + 1).toLowerCase();
  const isProgram = programs.has(extension);
  if (turning.test(name) || (isProgram && harmlessLooking.test(name.slice(0, dot)))) return 'disguised';
  if (isProgram) return 'program';
  return macros.test(extension) ? 'macros' : null;
}
