"""The help that sqlalchemy-migrate needs on Python 3.11 and later.

Its command line asks `inspect.getargspec` for the arguments of each command. Where
Python still has that function, nothing is added. Runs on Python 2.7 as well.
"""

import collections
import inspect

if not hasattr(inspect, "getargspec"):
    ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")

    def getargspec(function):
        return ArgSpec(*inspect.getfullargspec(function)[:4])

    inspect.getargspec = getargspec
