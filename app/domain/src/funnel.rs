//! How deals move through their stages: conversion, time, win rates, cohorts, and which are stuck.
