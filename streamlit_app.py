"""The router of the browser page: look, navigation, and nothing else."""

import streamlit as st

from coach.ui.frame import ICON, run

st.set_page_config(page_title="Interview Answer Coach", page_icon=ICON, layout="wide")
run()
