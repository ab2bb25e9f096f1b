import streamlit as st

st.title("propose")
