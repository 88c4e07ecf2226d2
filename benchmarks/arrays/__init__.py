"""The heaviest phases as a careful user of numpy would write them: whole arrays, no loop over agents, no compiler.

They work on the product's own records, so that all other phases can be the product's. Needs: drift of every belief and
access, word of mouth, needs, invitations, new deals. Work: hours shared over deals, sponsors, diagnosis, offers. Thinking:
deliberation, bargaining, tastes and what offers teach; contracts that follow from it are not in it.
"""

from arrays.needs import needs
from arrays.thinking import think
from arrays.working import work

__all__ = ["needs", "think", "work"]
