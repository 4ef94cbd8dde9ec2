-- What the sales figures look things up by. Nothing here is a fact of its own: every figure is counted from what stands in the tables.

-- What was opened in a period; the list of opportunities, newest first, goes the same way.
create index opportunity_created on opportunity (created_at, id);
-- What was won or lost in a period.
create index opportunity_closed on opportunity (closed_at, id) where closed_at is not null;

-- Who accepted, talked and said no, in a period. The journal's other lines, by the thousand each second, are not in it.
create index journal_sales on journal (kind, at) where kind in ('opportunity_accepted', 'opportunity_touched', 'opportunity_rejected');
