"""All the work of the clock, as the settings want it."""

from __future__ import annotations

from scheduler.bulletin import bulletin_job, ready_chore
from scheduler.calendar_check import calendar_job
from scheduler.housekeeping import housekeeping_job
from scheduler.new_year import new_year_job
from scheduler.nudging import delivery_chore, nudging_job
from scheduler.pushing import pushing_chores
from scheduler.quiet_hours import quiet_chore
from scheduler.reminding import digest_job, reminding_chore
from scheduler.scoreboard import scoreboard_job
from scheduler.urgency import urgency_chore
from scheduler.work import Job, Plan, WorkList
from services.office import Office


def build_jobs(plan: Plan, office: Office) -> WorkList:
    """The jobs and chores that are switched on. Nudges approved by hand go out even if none are planned."""
    jobs: list[Job] = []
    if plan.scoreboard_at is not None:
        jobs.append(scoreboard_job(plan, plan.scoreboard_at))
    if plan.bulletin_at is not None:
        jobs.append(bulletin_job(plan.bulletin_at))
    if plan.nudges_at is not None:
        jobs.append(nudging_job(plan.nudges_at))
    jobs += [new_year_job(), calendar_job(plan.check_at), housekeeping_job(plan.nightly_at)]
    chores = [delivery_chore()]
    if plan.reminders:
        jobs.append(digest_job())
        chores.append(reminding_chore())
    if plan.bulletin_at is not None:
        chores.append(ready_chore())
    return WorkList(office, tuple(jobs), (*chores, urgency_chore(), *pushing_chores(office), quiet_chore(office)))
