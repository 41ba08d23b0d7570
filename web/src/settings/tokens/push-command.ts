/** Where the shown command takes the token from: a file keeps it out of the list of processes. */
export const TOKEN_FILE = 'rehome-token.txt';
/** Stands for the export that the person pushes. */
export const EXPORT_FILE = 'FILE';

/** The command line that imports an export into a site of this server. */
export function pushCommand(server: string, site: number): string {
  return `rehome push --server ${server} --token-file ${TOKEN_FILE} --site ${site} ${EXPORT_FILE}`;
}
