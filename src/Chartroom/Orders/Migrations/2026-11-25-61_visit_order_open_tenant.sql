-- A referral is an order too. And those whose outcome one waits for, in the order in which they were placed: of one clinician, and of all. A medicine has no outcome to wait for.
alter table visit_order
    drop constraint visit_order_kind_known,
    add constraint visit_order_kind_known check (kind in ('medicine', 'test', 'imaging', 'follow_up', 'referral'));
create index visit_order_open_by_idx on visit_order (placed_by, placed_at, id) where state = 'open' and kind <> 'medicine';
create index visit_order_open_idx on visit_order (placed_at, id) where state = 'open' and kind <> 'medicine';
comment on column visit_order.kind is 'medicine, test, imaging, follow_up or referral. PHI class: clinical.';
