-- SPDX-License-Identifier: Apache-2.0
-- R150: a list whose term of keeping is over is emptied once, and never looked through again.

alter table core.import add column emptied_at timestamptz;
create index import_kept on core.import (created_at) where emptied_at is null;
