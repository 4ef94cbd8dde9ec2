/** What the workspace's `sending` document says of tracking, as a subquery; null where it says nothing. */
export const WORKSPACE_TRACKING = `select body ->> 'tracking' from document where kind = 'sending' and key = 'default' order by version desc limit 1`;
