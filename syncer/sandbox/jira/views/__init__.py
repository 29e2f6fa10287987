"""The JSON shapes of the sandbox's Jira, each as its reader would see it."""
