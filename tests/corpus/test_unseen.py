"""What the checks of copy are worth on posts that they were not written with."""

from core.checks.copy import check_copy
from tests.corpus.faults import PLANTERS, load_posts, plant_faults

POSTS = load_posts("unseen_posts")


def test_few_unseen_posts_get_an_error():
    alarms = [
        (post.id, finding.code)
        for post in POSTS
        for finding in check_copy(post.text, post.brief, post.facts)
        if finding.level == "error"
    ]
    assert len({post for post, _ in alarms}) <= 2, alarms


def test_most_faults_planted_into_unseen_posts_are_found():
    planted = list(plant_faults(POSTS, 10 * len(PLANTERS)))
    missed = [
        (each.code, each.post.id)
        for each in planted
        if each.code not in {finding.code for finding in check_copy(each.text, each.post.brief, each.post.facts)}
    ]
    assert len(missed) <= 0.03 * len(planted), missed
