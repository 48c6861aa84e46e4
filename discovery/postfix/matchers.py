"""What a rule can look for, by the `kind` of its `match`: a function of the match and the scene that yields hits."""

from collections.abc import Callable, Iterator, Mapping

from discovery.postfix.file_matchers import (
    match_cron,
    match_cut_short,
    match_line,
    match_missing,
    match_observed,
    match_problem,
    match_script,
    match_secret,
)
from discovery.postfix.name_matchers import match_class, match_instance, match_unknown_option
from discovery.postfix.scene import Hit, Match, Scene
from discovery.postfix.service_matchers import match_milter, match_service, match_several, match_transport
from discovery.postfix.setting_matchers import (
    match_dead_option,
    match_former,
    match_setting,
    match_unknown,
    match_unset,
)
from discovery.postfix.table_matchers import match_entry, match_map, match_slow_pattern
from discovery.postfix.version_matchers import match_version

MATCHERS: Mapping[str, Callable[[Match, Scene], Iterator[Hit]]] = {
    "setting": match_setting,
    "unset": match_unset,
    "service": match_service,
    "transport": match_transport,
    "map": match_map,
    "entry": match_entry,
    "slow-pattern": match_slow_pattern,
    "milter": match_milter,
    "problem": match_problem,
    "unknown": match_unknown,
    "former": match_former,
    "unknown-option": match_unknown_option,
    "class": match_class,
    "instance": match_instance,
    "version": match_version,
    "dead-option": match_dead_option,
    "missing": match_missing,
    "cut-short": match_cut_short,
    "cron": match_cron,
    "script": match_script,
    "line": match_line,
    "secret": match_secret,
    "several": match_several,
    "observed": match_observed,
}
