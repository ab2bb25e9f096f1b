import streamlit as st

st.title("time")
