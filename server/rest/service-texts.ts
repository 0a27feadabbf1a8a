/** What wakunode2 says where nobody serves. */
export const NO_PEER = 'No suitable service peer & no discovery method';
