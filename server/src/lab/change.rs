//! Changes of users and defences. Each happens as a whole or not at all, whatever the stores do.

use crate::{
    lab::{
        Lab, LabError,
        denylist::{Denial, DenylistFull},
        fresh_jti, lock,
        world::World,
    },
    store::{Population, Revision, StoreError},
};
use domain::{
    Seconds,
    api::{ChangeDefences, ChangeUser},
    session::Change,
    user::User,
    view::UserView,
};
use tokio::time::timeout;

impl Lab {
    /// Changes a user, and their logins with them: a session's row learns the new role at once, and a
    /// disabled user has no login left. It happens as a whole or not at all. A token knows nothing of it, unless the denylist
    /// is on.
    /// What a store did of a change that it did not take as a whole counts for nothing, and is taken back when it
    /// answers again.
    pub(crate) async fn change_user(&self, name: &str, change: ChangeUser) -> Result<(), LabError> {
        let _alone = self.arranging.lock().await;
        let (before, denied) = self.world(|world| {
            let before = world.users.iter().find(|user| user.name == name).cloned().ok_or(LabError::UnknownUser)?;
            // The denylist first: it may be full, and then nothing has happened yet.
            let denied = if change.disabled == Some(true) { deny_all_of(world, name)? } else { None };
            let (role, disabled) = (change.role.unwrap_or(before.role), change.disabled.unwrap_or(before.disabled));
            world.put_user(UserView { role, disabled, ..before.clone() });
            world.changing = Some(name.to_owned());
            Ok::<_, LabError>((before, denied))
        })?;
        let taken = self.revise_rows_of(name, change).await;
        let Err(error) = taken else {
            self.world(|world| world.changing = None);
            return Ok(());
        };
        lock(&self.unreconciled).set(true);
        self.world(|world| {
            world.changing = None;
            world.put_user(before);
            if let Some(denied) = denied {
                world.denylist.take_back(denied);
            }
        });
        let _ = self.reconcile().await;
        Err(error.into())
    }

    /// Waits for the end of a change of this user that is under way: until then it may fail, and nothing that outlives
    /// it may say what it says.
    pub(crate) async fn settled(&self, name: &str) -> Result<(), StoreError> {
        if self.world(|world| world.changing.as_deref() == Some(name)) {
            let _over = timeout(self.stores.patience(), self.arranging.lock()).await.map_err(|_| StoreError::Busy)?;
        }
        Ok(())
    }

    async fn revise_rows_of(&self, name: &str, change: ChangeUser) -> Result<(), StoreError> {
        let (revision, now) = match change.role {
            _ if change.disabled == Some(true) => (Revision::End(name.to_owned()), 0),
            Some(role) => (Revision::Change(name.to_owned(), Change::SetRole(role)), self.now()),
            None => return Ok(()),
        };
        for sessions in self.all_sessions(Population::Visitors) {
            sessions.revise(&revision, now).await?;
        }
        Ok(())
    }

    /// A user as the lab has them where a row may say something else of them; `None` for one who may not log in.
    pub(crate) fn reconciled(&self, user: User) -> Option<User> {
        let is_unsure = lock(&self.unreconciled).is_unsure();
        if is_unsure { self.world(|world| world.user(&user.name)) } else { Some(user) }
    }

    /// Ends every session of a user, in every store; and every token, if the denylist is on. Returns how many rows went,
    /// and until when the denylist's entry lies there. Where a store does not take it, no token has ended.
    pub(crate) async fn end_all_of(
        &self,
        user: &str,
        population: Population,
    ) -> Result<(usize, Option<Seconds>), LabError> {
        let denied = self.deny_all_of(user)?;
        let until = denied.as_ref().map(Denial::until);
        let mut deleted = 0;
        for sessions in self.all_sessions(population) {
            match sessions.revise(&Revision::End(user.to_owned()), 0).await {
                Ok(rows) => deleted += rows,
                Err(error) => {
                    self.world(|world| denied.into_iter().for_each(|denied| world.denylist.take_back(denied)));
                    return Err(error.into());
                }
            }
        }
        Ok((deleted, until))
    }

    /// Ends every token of a user that was issued so far, if the denylist is on.
    pub(crate) fn deny_all_of(&self, user: &str) -> Result<Option<Denial>, DenylistFull> {
        self.world(|world| deny_all_of(world, user))
    }

    /// Switches defences: all that are asked for, or none where the store does not take it.
    pub(crate) async fn defend(&self, change: ChangeDefences) -> Result<(), StoreError> {
        let _alone = self.arranging.lock().await;
        if let Some(on) = change.hash_ids {
            self.crowds.disturbance(|done| done.ended = true);
            let now = self.now();
            // The crowd's first: nobody sees under which keys its rows lie.
            for population in [Population::Crowd, Population::Visitors] {
                self.kept(population).keeping.hash_ids(on, &self.all_sessions(population), now).await?;
            }
        }
        self.world(|world| world.defend(change));
        Ok(())
    }
}

fn deny_all_of(world: &mut World, user: &str) -> Result<Option<Denial>, DenylistFull> {
    if !world.defences.denylist {
        return Ok(None);
    }
    let now = world.now();
    world.denylist.deny_all_of(user, fresh_jti(), now).map(Some)
}
